import type { LibraryModel } from '../../../shared/library';
import type { ModelStatus } from '../../../shared/model';
import type { DeviceSetting } from '../../../shared/precision';
import type { Settings, SettingsChange } from '../../../shared/settings';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { SegmentedChoice } from '../../ui/SegmentedChoice';
import { useLanguage, useTranslate } from '../../useTranslate';
import { formatNumber } from '../../formatFigures';
import { useVerdicts } from '../../useVerdicts';
import { ModelNow } from './ModelNow';
import { PrecisionChoice } from './PrecisionChoice';

type Props = {
  readonly status: ModelStatus | null;
  readonly settings: Settings;
  /** The chosen model as the library has it; null until it has told. */
  readonly chosen: LibraryModel | null;
  readonly onChange: (change: SettingsChange) => void;
  /** To the models, where weights of another precision can be had. */
  readonly onOpenModels: () => void;
  readonly onUseDemo: () => Promise<unknown>;
};

const devices: readonly DeviceSetting[] = ['auto', 'gpu', 'cpu'];

/** Precision and device of the model that answers, what each would mean here, and where the memory goes. */
export function ModelSection({ status, settings, chosen, onChange, onOpenModels, onUseDemo }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const { verdicts, error, lookAgain } = useVerdicts(settings.modelId, status?.state);
  const contextLength = verdicts?.[0]?.contextLength ?? null;
  return (
    <>
      <ModelNow status={status} onUseDemo={onUseDemo} />
      <h2>{t('model.precision')}</h2>
      {error === null && contextLength === null && <p className="section-lead">{t('verdict.looking')}</p>}
      {contextLength !== null && (
        <p className="section-lead">
          {t('model.verdictsLead', {
            name: chosen === null || chosen.isDemo ? t('model.demoName') : chosen.name,
            context: formatNumber(contextLength, language),
          })}
        </p>
      )}
      {error && (
        <ErrorNotice error={error}>
          <Button onClick={lookAgain}>{t('verdict.lookAgain')}</Button>
        </ErrorNotice>
      )}
      <PrecisionChoice
        value={settings.precision}
        running={status?.state === 'ready' ? status.model.precision : null}
        verdicts={verdicts}
        device={settings.device}
        chosen={chosen}
        onChange={(precision) => precision !== settings.precision && onChange({ precision })}
        onElsewhere={onOpenModels}
      />
      <h2>{t('model.device')}</h2>
      <SegmentedChoice
        label={t('model.device')}
        options={devices.map((value) => ({ value, label: t(`model.device.${value}`) }))}
        value={settings.device}
        onChange={(value) => onChange({ device: value })}
      />
    </>
  );
}
