import type { LibraryState } from '../shared/library';
import type { Settings, SettingsChange } from '../shared/settings';
import { FirstRunPage } from './features/firstRun/FirstRunPage';
import { useFirstRun } from './features/firstRun/useFirstRun';
import { GpuProofLine } from './features/hardware/GpuProofLine';
import { HardwareFacts } from './features/hardware/HardwareFacts';
import { useGpuProof } from './features/hardware/useGpuProof';
import { VerdictList } from './features/library/VerdictList';
import { FirstRunSource } from './FirstRunSource';
import { Button } from './ui/Button';
import { ErrorNotice } from './ui/ErrorNotice';
import { SegmentedChoice } from './ui/SegmentedChoice';
import { useAnswer } from './useAnswer';
import { useLanguage, useTranslate } from './useTranslate';

type Props = {
  readonly library: LibraryState | null;
  readonly settings: Settings;
  readonly onChange: (change: SettingsChange) => void;
  /** To the conversations; what was started goes on. */
  readonly onLeave: () => void;
};

/** From nothing to a model in three steps: what this computer can do, which precision, where to get the model. */
export function FirstRunScreen({ library, settings, onChange, onLeave }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const { value: hardware, error: hardwareError } = useAnswer('system.hardware');
  const proof = useGpuProof(hardware !== null && hardware.gpus.length > 0);
  const first = useFirstRun(library, `${proof.proof?.provedAtMs}`);
  const { step, models, model, access, verdict } = first;
  return (
    <FirstRunPage
      step={step}
      onStep={first.setStep}
      canContinue={step !== 'precision' || verdict !== null}
      onLeave={onLeave}
      leaveWords={t(settings.hasStarted ? 'firstRun.leave' : 'firstRun.demo')}
      headEnd={
        <Button
          variant="plain"
          lang={language === 'en' ? 'zh-CN' : 'en'}
          onClick={() => onChange({ language: language === 'en' ? 'zh-CN' : 'en' })}
        >
          {t(language === 'en' ? 'settings.language.zh-CN' : 'settings.language.en')}
        </Button>
      }
    >
      {step === 'computer' && (
        <>
          {hardwareError && <ErrorNotice error={hardwareError} />}
          {hardwareError === null && (
            <HardwareFacts hardware={hardware}>
              <GpuProofLine {...proof} />
            </HardwareFacts>
          )}
        </>
      )}
      {step === 'precision' && (
        <>
          {models.length > 1 && model && (
            <SegmentedChoice
              label={t('firstRun.model')}
              options={models.map(({ id, name }) => ({ value: id, label: name }))}
              value={model.id}
              onChange={first.chooseModel}
            />
          )}
          <VerdictList access={access} chosen={verdict} onChoose={first.pickWay} />
        </>
      )}
      {step === 'source' && library && model && (
        <FirstRunSource
          model={model}
          verdict={verdict}
          library={library}
          settings={settings}
          onChange={onChange}
          onDone={onLeave}
        />
      )}
    </FirstRunPage>
  );
}
