import type { LoadedModel } from '../../../shared/model';
import type { PrecisionSetting } from '../../../shared/precision';
import type { Translate } from '../../useTranslate';

/** `Qwen-7B-Chat`; the demo is called a demo. */
const modelName = ({ name, isDemo }: LoadedModel, t: Translate): string => (isDemo ? t('model.demoName') : name);

/** BF16 is the one precision whose weights are not computed with as they are stored, so it says what computes. */
function precisionName({ precision, computedIn }: LoadedModel, t: Translate): string {
  const name = t(`model.precision.${precision}`);
  if (precision !== 'bf16') return name;
  return `${name} (${t(computedIn === 'float16' ? 'model.computedInFp16' : 'model.computedInFp32')})`;
}

/** `NF4 · GPU` */
export const describeRun = (model: LoadedModel, t: Translate): string =>
  `${precisionName(model, t)} · ${t(`model.device.${model.device}`)}`;

/** `Qwen-7B-Chat · NF4 · GPU` */
export const describeModel = (model: LoadedModel, t: Translate): string =>
  `${modelName(model, t)} · ${describeRun(model, t)}`;

/** `Loading NF4`; what Auto will choose is not known yet. */
export const loadingWords = (precision: PrecisionSetting, t: Translate): string =>
  precision === 'auto' ? t('model.loadingAuto') : t('model.loading', { precision: t(`model.precision.${precision}`) });
