import type { FolderMoveState, LibraryState } from '../../../shared/library';
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
  const { folder, freeBytes, usedBytes, problem, move } = library;
  const used = formatBytes(usedBytes, language);
  const isMoving = move !== null && move.error === null;
  const moveError = error ?? move?.error ?? null;
  return (
    <div className="panel folder-panel" data-testid="models-folder">
      <p className="folder-path">{folder}</p>
      <p className="folder-figures">
        {freeBytes === null
          ? t('folder.figuresUnknown', { used })
          : t('folder.figures', { used, free: formatBytes(freeBytes, language) })}
      </p>
      {problem && <ErrorNotice error={problem} />}
      {isMoving && <MoveProgress move={move} />}
      {moveError && <ErrorNotice error={moveError} />}
      {!isMoving && (
        <Button onClick={() => void run(() => call('library.moveFolder', {}))} disabled={isRunning}>
          {t('folder.move')}
        </Button>
      )}
    </div>
  );
}

/** How far a move is, and the way back as long as there is one. */
function MoveProgress({ move: { to, stage, doneBytes, totalBytes } }: { readonly move: FolderMoveState }) {
  const t = useTranslate();
  const language = useLanguage();
  const { error, isRunning, run } = useAction();
  const words = t(`folder.stage.${stage}`, { folder: to });
  return (
    <div className="installation">
      <p className="installation-head">
        <b role="status">{words}</b>
        {stage === 'copying' && (
          <span>
            {t('installation.bytes', {
              done: formatBytes(doneBytes, language),
              total: formatBytes(totalBytes, language),
            })}
          </span>
        )}
      </p>
      <Progress label={words} fraction={stage === 'waiting' || totalBytes === 0 ? null : doneBytes / totalBytes} />
      {stage === 'copying' && <p className="installation-next">{t('folder.moveNext')}</p>}
      {error && <ErrorNotice error={error} />}
      {stage !== 'clearing' && (
        <div className="row-actions">
          <Button onClick={() => void run(() => call('library.cancelMove', {}))} disabled={isRunning}>
            {t('folder.cancelMove')}
          </Button>
        </div>
      )}
    </div>
  );
}
