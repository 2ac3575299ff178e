import type { LibraryState } from '../../../shared/library';
import { call } from '../../ipc';
import { formatBytes } from '../../formatFigures';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { Progress } from '../../ui/Progress';
import { useAction } from '../../useAction';
import { useLanguage, useTranslate } from '../../useTranslate';

/** Where models lie, what they take, and the way to another disk. */
export function FolderPanel({ library }: { readonly library: LibraryState }) {
  const t = useTranslate();
  const language = useLanguage();
  const { error, isRunning, run } = useAction();
  const { folder, freeBytes, models, move } = library;
  const used = formatBytes(
    models.reduce((sum, { installed }) => sum + (installed?.origin === 'bundled' ? 0 : (installed?.diskBytes ?? 0)), 0),
    language,
  );
  const isMoving = move !== null && move.error === null;
  const moveError = error ?? move?.error ?? null;
  const moving = t('folder.moving', { folder: move?.to ?? '' });
  return (
    <div className="panel folder-panel" data-testid="models-folder">
      <p className="folder-path">{folder}</p>
      <p className="folder-figures">
        {freeBytes === null
          ? t('folder.figuresUnknown', { used })
          : t('folder.figures', { used, free: formatBytes(freeBytes, language) })}
      </p>
      {isMoving && (
        <div className="installation">
          <p className="installation-head">
            <b role="status">{moving}</b>
            <span>
              {t('installation.bytes', {
                done: formatBytes(move.doneBytes, language),
                total: formatBytes(move.totalBytes, language),
              })}
            </span>
          </p>
          <Progress label={moving} fraction={move.totalBytes === 0 ? null : move.doneBytes / move.totalBytes} />
        </div>
      )}
      {moveError && <ErrorNotice error={moveError} />}
      <Button onClick={() => void run(() => call('library.moveFolder', {}))} disabled={isRunning || isMoving}>
        {t('folder.move')}
      </Button>
    </div>
  );
}
