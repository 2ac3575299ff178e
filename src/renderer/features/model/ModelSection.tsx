import type { ModelStatus } from '../../../shared/model';
import type { DeviceSetting } from '../../../shared/precision';
import type { Settings, SettingsChange } from '../../../shared/settings';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { SegmentedChoice } from '../../ui/SegmentedChoice';
import { useAnswer } from '../../useAnswer';
import { useTranslate } from '../../useTranslate';
import { describeModel, effectiveDevice, loadingWords } from './describeModel';
import { HardwareFound } from './HardwareFound';
import { MemoryBar } from './MemoryBar';
import { ModelNotice } from './ModelNotice';
import { PrecisionChoice } from './PrecisionChoice';

type Props = {
  readonly status: ModelStatus | null;
  readonly settings: Settings;
  readonly onChange: (change: SettingsChange) => void;
};

const devices: readonly DeviceSetting[] = ['auto', 'gpu', 'cpu'];

/** Precision and device, what this computer has, and where its memory goes. */
export function ModelSection({ status, settings, onChange }: Props) {
  const t = useTranslate();
  const { value: hardware, error } = useAnswer('system.hardware', status?.state);
  const model = status?.state === 'ready' ? status.model : null;
  const device = effectiveDevice(settings.device, status, hardware?.recommended.device ?? null);
  return (
    <>
      <div className="panel model-now" data-testid="model-now" data-state={status?.state}>
        {model && (
          <p className="model-now-head latin-marks">
            <b>{describeModel(model, t)}</b>
            <span>{[model.deviceName, t(`choice.${model.reason}`)].filter((part) => part !== '').join(' · ')}</span>
          </p>
        )}
        {status?.state === 'loading' && (
          <p className="model-now-head">
            <b>{loadingWords(status.precision, t)}</b>
          </p>
        )}
        <ModelNotice status={status} />
        {model && <MemoryBar memory={model.memory} size="full" />}
      </div>
      <h2>{t('model.precision')}</h2>
      <PrecisionChoice
        value={settings.precision}
        running={model?.precision ?? null}
        recommended={hardware?.recommended.precision ?? null}
        device={device}
        onChange={(precision) => precision !== settings.precision && onChange({ precision })}
      />
      <h2>{t('model.device')}</h2>
      <SegmentedChoice
        label={t('model.device')}
        options={devices.map((value) => ({ value, label: t(`model.device.${value}`) }))}
        value={settings.device}
        onChange={(value) => onChange({ device: value })}
      />
      <h2>{t('settings.hardware')}</h2>
      {error ? <ErrorNotice error={error} /> : <HardwareFound hardware={hardware} />}
    </>
  );
}
