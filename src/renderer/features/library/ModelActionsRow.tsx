import type { LibraryModel } from '../../../shared/library';
import { Button } from '../../ui/Button';
import { useTranslate } from '../../useTranslate';
import type { ModelActions } from './useModelActions';

type Props = {
  readonly model: LibraryModel;
  readonly actions: ModelActions;
  readonly open: 'install' | 'remove' | null;
  readonly onOpen: (what: 'install' | 'remove' | null) => void;
};

/** What can be done with a model while nothing is being done with it. */
export function ModelActionsRow({ model: { installed, isChosen, isDemo }, actions, open, onOpen }: Props) {
  const t = useTranslate();
  const toggle = (what: 'install' | 'remove') => ({
    'aria-expanded': open === what,
    onClick: () => onOpen(open === what ? null : what),
  });
  if (installed === null)
    return (
      <div className="row-actions">
        <Button {...toggle('install')}>{t('library.get')}</Button>
      </div>
    );
  if (isDemo && isChosen) return null;
  const isOurs = installed.origin === 'download';
  return (
    <div className="row-actions">
      {!isChosen && (
        <Button onClick={actions.choose} disabled={actions.isRunning || installed.problem !== null}>
          {t('library.use')}
        </Button>
      )}
      {isOurs && !installed.hasOriginals && (
        <Button variant="plain" {...toggle('install')}>
          {t('library.another')}
        </Button>
      )}
      {!isDemo && installed.problem === null && (
        <Button variant="plain" onClick={actions.repair} disabled={actions.isRunning}>
          {t('library.repair')}
        </Button>
      )}
      {!isDemo && (
        <Button variant="plain" {...toggle('remove')} disabled={actions.isRunning}>
          {t(installed.origin === 'reference' ? 'library.forget' : 'library.remove')}
        </Button>
      )}
    </div>
  );
}
