import { useRef, useState } from 'react';
import type { LibraryModel, LibraryState } from '../../../shared/library';
import type { Settings, SettingsChange } from '../../../shared/settings';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { useTranslate } from '../../useTranslate';
import { checkWords, modelName } from './describeInstalled';
import { InstallationProgress } from './InstallationProgress';
import { InstallPanel } from './InstallPanel';
import { ModelActionsRow } from './ModelActionsRow';
import { ModelHead } from './ModelHead';
import { RemoveQuestion } from './RemoveQuestion';
import { useModelActions } from './useModelActions';

type Props = {
  readonly model: LibraryModel;
  readonly library: LibraryState;
  readonly settings: Settings;
  readonly onChange: (change: SettingsChange) => void;
};

/** One model of the library: what it is, where it lies, and what can be done with it. */
export function ModelRow({ model, library, settings, onChange }: Props) {
  const t = useTranslate();
  const actions = useModelActions(model.id);
  const [open, setOpen] = useState<'install' | 'remove' | null>(null);
  const { installed, installation } = model;
  const row = useRef<HTMLLIElement>(null);
  // What was pressed goes away with what it did: the focus stays with the model.
  const close = (): void => {
    setOpen(null);
    row.current?.focus();
  };
  return (
    <li className="library-model" ref={row} tabIndex={-1} data-testid="library-model" data-model={model.id}>
      <ModelHead model={model} />
      {installed?.problem && (
        <ErrorNotice error={installed.problem}>
          <Button onClick={actions.repair} disabled={actions.isRunning}>
            {t('library.repair')}
          </Button>
        </ErrorNotice>
      )}
      {actions.error && <ErrorNotice error={actions.error} />}
      {installation && <InstallationProgress model={model} installation={installation} />}
      <p role="status" className="library-model-check">
        {checkWords(model, t)}
      </p>
      {installation === null && <ModelActionsRow model={model} actions={actions} open={open} onOpen={setOpen} />}
      {open === 'install' && installation === null && (
        <InstallPanel model={model} library={library} settings={settings} onChange={onChange} onStarted={close} />
      )}
      {open === 'remove' && installed && (
        <RemoveQuestion
          name={modelName(model, t)}
          installed={installed}
          onRemove={() => {
            close();
            actions.remove();
          }}
          onKeep={() => setOpen(null)}
        />
      )}
    </li>
  );
}
