import type { Conversation } from '../../../shared/conversation';

const ages = ['today', 'yesterday', 'month', 'older'] as const;
export type Age = (typeof ages)[number];
export type ConversationGroup = { readonly age: Age; readonly conversations: readonly Conversation[] };

/** The list under its headings, by the local calendar day of the newest message; empty groups are left out. */
export function groupConversations(
  conversations: readonly Conversation[],
  nowMs: number,
): readonly ConversationGroup[] {
  const now = new Date(nowMs);
  const todayMs = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const yesterdayMs = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1).getTime();
  const monthMs = new Date(now.getFullYear(), now.getMonth(), 1).getTime();
  const ageOf = ({ updatedAtMs }: Conversation): Age => {
    if (updatedAtMs >= todayMs) return 'today';
    if (updatedAtMs >= yesterdayMs) return 'yesterday';
    return updatedAtMs >= monthMs ? 'month' : 'older';
  };
  return ages.flatMap((age) => {
    const members = conversations.filter((conversation) => ageOf(conversation) === age);
    return members.length === 0 ? [] : [{ age, conversations: members }];
  });
}
