import type { MemoryUse } from '../../../shared/model';
import { formatBytes } from '../../formatFigures';
import { type Translate, useLanguage, useTranslate } from '../../useTranslate';
import { memoryParts } from './memoryParts';
import './model.css';

type Props = {
  /** Null while no model runs. */
  readonly memory: MemoryUse | null;
  /** `full` names every part and says where the figures come from. */
  readonly size: 'small' | 'full';
};

/** Where the memory of the computing device goes: others, weights, conversation, free. */
export function MemoryBar({ memory, size }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const words = (bytes: number): string => formatBytes(bytes, language);
  if (memory === null) {
    return (
      <div className="memory" data-size={size} data-testid="memory-bar">
        <p>
          <span>{t('memory.ram')}</span>
          <span>{t('memory.none')}</span>
        </p>
        <div className="meter" />
      </div>
    );
  }
  const { parts, freeBytes } = memoryParts(memory);
  const legend = [...parts, ...(freeBytes === null ? [] : [{ name: 'free' as const, bytes: freeBytes }])];
  return (
    <div className="memory" data-size={size} data-testid="memory-bar">
      <p>
        <span>{t(`memory.${memory.kind}`)}</span>
        <span>{usageOf(memory, words, t)}</span>
      </p>
      <div
        className="meter"
        role="img"
        aria-label={legend.map(({ name, bytes }) => `${t(`memory.${name}`)} ${words(bytes)}`).join(', ')}
      >
        {parts.map(
          ({ name, bytes, percent }) => bytes > 0 && <i key={name} data-part={name} style={{ width: `${percent}%` }} />,
        )}
      </div>
      {size === 'full' && (
        <>
          <ul>
            {legend.map(({ name, bytes }) => (
              <li key={name} data-part={name}>
                {t(`memory.${name}`)} <b>{words(bytes)}</b>
              </li>
            ))}
          </ul>
          <p className="memory-honesty">{t('memory.honesty')}</p>
        </>
      )}
    </div>
  );
}

/** Used of total, or only what the model takes where the rest could not be measured. */
function usageOf(memory: MemoryUse, words: (bytes: number) => string, t: Translate): string {
  const { usedBytes, freeBytes } = memoryParts(memory);
  return freeBytes === null || memory.totalBytes === null
    ? t('memory.known', { used: words(usedBytes) })
    : t('memory.usage', { used: words(usedBytes), total: words(memory.totalBytes) });
}
