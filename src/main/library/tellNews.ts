import type { LibraryState } from '../../shared/library';
import { type Language, translate } from '../../shared/translate';
import { type News, newsBetween } from './libraryNews';

export type Notice = { readonly title: string; readonly body: string };

type Options = {
  readonly watch: (listener: (state: LibraryState) => void) => () => void;
  /** Whoever has the window before them sees it there. */
  readonly isWatched: () => boolean;
  readonly language: () => Language;
  readonly show: (notice: Notice) => void;
};

/** Tells a user who is busy elsewhere that a model is ready, or that it needs them; until the returned function is called. */
export function tellNews({ watch, isWatched, language, show }: Options): () => void {
  let before: LibraryState | null = null;
  return watch((now) => {
    const news = before === null ? [] : newsBetween(before, now);
    before = now;
    if (!isWatched()) for (const one of news) show(noticeOf(one, language()));
  });
}

function noticeOf(news: News, language: Language): Notice {
  switch (news.what) {
    case 'ready':
      return {
        title: translate(language, 'ready.title', { name: news.name }),
        body: translate(language, 'news.ready'),
      };
    case 'stopped': {
      const { code, params } = news.error;
      const title = translate(language, 'news.stopped', { name: news.name });
      return { title, body: translate(language, `errors.${code}`, params) };
    }
    case 'moved':
      return { title: translate(language, 'news.moved'), body: news.folder };
    case 'notMoved': {
      const { code, params } = news.error;
      return { title: translate(language, 'news.notMoved'), body: translate(language, `errors.${code}`, params) };
    }
    default:
      return news satisfies never;
  }
}
