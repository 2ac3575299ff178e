import type { ConversationId } from '../shared/conversation';

/** Unsent text by conversation; null is the one that has not begun. */
export type Drafts = {
  readonly of: (id: ConversationId | null) => string;
  /** Blank text leaves nothing behind. */
  readonly keep: (id: ConversationId | null, text: string) => void;
};

const prefix = 'draft.';
const keyOf = (id: ConversationId | null): string => prefix + String(id ?? 'new');

/** UTF-16 units over all drafts: well under half of what Chromium lets one window store. */
const maxTotalLength = 2_000_000;

/**
 * Drafts that outlive a reload and a crash of the page. Where they would take more room than there is, those touched
 * longest ago give way in `storage`; this window still knows them.
 */
export function createDrafts(storage: Storage): Drafts {
  const drafts = storedDrafts(storage);
  const keep = (id: ConversationId | null, text: string): void => {
    const key = keyOf(id);
    drafts.delete(key);
    if (text.trim() === '') return storage.removeItem(key);
    drafts.set(key, text); // the newest is the last
    let room = maxTotalLength;
    for (const [other, { length }] of [...drafts].reverse()) {
      if (length > room) storage.removeItem(other);
      else room -= length;
    }
    if (text.length <= maxTotalLength) storage.setItem(key, text);
  };
  return { of: (id) => drafts.get(keyOf(id)) ?? '', keep };
}

function storedDrafts(storage: Storage): Map<string, string> {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  return new Map(keys.filter((key) => key.startsWith(prefix)).map((key) => [key, storage.getItem(key) ?? '']));
}
