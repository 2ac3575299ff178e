import { Button } from '../../ui/Button';
import { Seal } from '../../ui/Seal';
import { useTranslate } from '../../useTranslate';
import { exampleKeys } from './examples';

type Props = {
  /** Null while nobody knows: the note keeps its place, so that nothing moves when it appears. */
  readonly isDemo: boolean | null;
  /** Nothing can be sent now; the composer says why. */
  readonly isDisabled: boolean;
  readonly onExample: (text: string) => void;
  /** To a model for real work; null where one is here or on its way. */
  readonly onGetModel: (() => void) | null;
};

/** A conversation before its first word. */
export function EmptyChat({ isDemo, isDisabled, onExample, onGetModel }: Props) {
  const t = useTranslate();
  return (
    <div className="empty-chat">
      <Seal />
      <h2>{t('chat.emptyTitle')}</h2>
      <p>{t('chat.emptyHint')}</p>
      {isDemo !== false && (
        <section
          className="demo-note"
          aria-label={t('chat.demoTitle')}
          data-testid={isDemo ? 'demo-note' : 'demo-place'}
          style={{ visibility: isDemo ? 'visible' : 'hidden' }}
        >
          <h3>{t('chat.demoTitle')}</h3>
          <p>{t('chat.demoHint')}</p>
          {onGetModel && (
            <Button className="demo-get" onClick={onGetModel}>
              {t('chat.demoGet')}
            </Button>
          )}
          <h4>{t('chat.demoTry')}</h4>
          <ol>
            {exampleKeys.map((key) => (
              <li key={key}>
                <button type="button" disabled={isDisabled} onClick={() => onExample(t(key))}>
                  {t(key)}
                </button>
              </li>
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}
