import type { LibraryState } from '../../shared/library';
import { errorText } from '../../shared/errorText';
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
  const t = translate.bind(null, language);
  switch (news.what) {
    case 'ready':
      return { title: t('ready.title', { name: news.name }), body: t('news.ready') };
    case 'stopped':
      return { title: t('news.stopped', { name: news.name }), body: errorText(t, news.error) };
    case 'moved':
      return { title: t('news.moved'), body: news.folder };
    case 'notMoved':
      return { title: t('news.notMoved'), body: errorText(t, news.error) };
    default:
      return news satisfies never;
  }
}
