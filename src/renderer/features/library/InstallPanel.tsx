import { useState } from 'react';
import type { LibraryModel, LibraryState } from '../../../shared/library';
import type { Settings, SettingsChange } from '../../../shared/settings';
import { chosenVerdict, useVerdicts, type Way } from '../../useVerdicts';
import { InstallForm } from './InstallForm';
import { VerdictList } from './VerdictList';

type Props = {
  readonly model: LibraryModel;
  readonly library: LibraryState;
  readonly settings: Settings;
  readonly onChange: (change: SettingsChange) => void;
  readonly onStarted: () => void;
};

/** Which precision of a model, and the way to it. */
export function InstallPanel(props: Props) {
  const access = useVerdicts(props.model.id);
  const [picked, pick] = useState<Way | null>(null);
  const chosen = chosenVerdict(access.verdicts, picked);
  return (
    <div className="install-panel">
      <VerdictList access={access} chosen={chosen} onChoose={pick} />
      <InstallForm {...props} verdict={chosen} />
    </div>
  );
}
