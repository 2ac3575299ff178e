import { useLayoutEffect, useRef } from 'react';
import { errorText } from '../../../shared/errorText';
import type { SourceCheck, SourceId } from '../../../shared/library';
import { formatNumber } from '../../formatFigures';
import { IconButton } from '../../ui/IconButton';
import { type Translate, useLanguage, useTranslate } from '../../useTranslate';

type Props = {
  readonly source: SourceId;
  readonly place: 'first' | 'between' | 'last';
  /** Null while it was not asked. */
  readonly check: SourceCheck | null;
  /** It has no address yet. */
  readonly isMissing: boolean;
  /** Moving takes the focus away; it comes back to the button that was pressed. */
  readonly wasMoved: boolean;
  readonly onMove: (source: SourceId, by: -1 | 1) => void;
};

export function SourceRow({ source, place, check, isMissing, wasMoved, onMove }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const name = t(`source.${source}`);
  const pressed = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (wasMoved) pressed.current?.focus();
  });
  const mover = (by: -1 | 1, isAtEnd: boolean) => (
    <IconButton
      icon={by === -1 ? 'up' : 'down'}
      label={t(by === -1 ? 'sources.up' : 'sources.down', { name: t(`sourceInSentence.${source}`) })}
      aria-disabled={isAtEnd}
      onClick={(event) => {
        pressed.current = event.currentTarget;
        onMove(source, by);
      }}
    />
  );
  return (
    <li data-source={source}>
      <span className="source-name">{name}</span>
      <span className="source-check" data-tone={check === null ? undefined : check.isReachable ? 'ok' : 'warn'}>
        {isMissing ? t('sources.notSet') : check && checkWords(check, t, formatNumber(check.milliseconds, language))}
      </span>
      {mover(-1, place === 'first')}
      {mover(1, place === 'last')}
    </li>
  );
}

const checkWords = ({ isReachable, error }: SourceCheck, t: Translate, milliseconds: string): string =>
  isReachable
    ? t('sources.reachable', { milliseconds })
    : error === null || error.code === 'download.offline'
      ? t('sources.unreachable') // the row says which, and trying another is what the list is for
      : errorText(t, error);
