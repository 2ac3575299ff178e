import type { AppError } from '../../shared/appError';
import type { StepDown } from '../../shared/model';
import type { DeviceSetting, PrecisionSetting } from '../../shared/precision';
import type { Measurement } from '../../shared/verdict';
import type { WireError } from '../../shared/wireError';
import type { ChosenModel, ConfiguredModel, Way } from './configuredModel';
import { isSameWay, lowerWays } from './stepDown';

type Wish = { readonly precision: PrecisionSetting; readonly device: DeviceSetting };

/** How the model is to be opened next, and what was tried before. */
export type Plan = ChosenModel & {
  readonly wish: Wish;
  /** What Auto may choose from; null: any way there is. */
  readonly forms: readonly Way[] | null;
  readonly failed: readonly StepDown[];
};

const auto: Wish = { precision: 'auto', device: 'auto' };

/** As the settings say; where what they say is not on the disk, what is, with the reason. */
export function firstPlan({ precision, device }: Wish, chosen: ChosenModel): Plan {
  const { forms } = chosen.model;
  const wish = { precision, device };
  const fits = (form: Way) => [form.precision, 'auto'].includes(precision) && [form.device, 'auto'].includes(device);
  if (forms === null || forms.some(fits)) return { ...chosen, wish, forms: forms?.filter(fits) ?? null, failed: [] };
  const wanted = {
    precision: precision === 'auto' ? (forms[0]?.precision ?? 'nf4') : precision,
    device: device === 'auto' ? (forms[0]?.device ?? 'gpu') : device,
  };
  const error = { code: 'model.originalsReleased', params: wanted } as const;
  return { ...chosen, wish: auto, forms, failed: [{ ...wanted, error }] };
}

/** The ways below one that failed, with the error and what is told of it; null where there is none. */
export function lowerPlan(plan: Plan, way: Way, { error, told }: { error: AppError; told: WireError }): Plan | null {
  const failed = [...plan.failed, { ...way, error: told }];
  const isOpen = (lower: Way) =>
    (plan.model.forms?.some((form) => isSameWay(form, lower)) ?? true) &&
    !failed.some((before) => isSameWay(before, lower));
  const forms = lowerWays(way, error).filter(isOpen);
  return forms.length > 0 ? { ...plan, wish: auto, forms, failed } : null;
}

/** Another model in place of one that is broken. */
export function insteadPlan(
  { model: { modelId, name, isDemo } }: Plan,
  model: ConfiguredModel,
  error: WireError,
): Plan {
  return { model, insteadOf: { model: { modelId, name, isDemo }, error }, wish: auto, forms: null, failed: [] };
}

/** Null where Auto has a say. */
export const wayOf = ({ precision, device }: Wish): Way | null =>
  precision === 'auto' || device === 'auto' ? null : { precision, device };

/** That a way failed. */
export const asMeasurement = ({ precision, device }: Way): Measurement => ({
  ...{ precision, device, contextLength: 0, peakBytes: null },
});

/** What is not on the disk was not tried: it says nothing of this computer. */
export const wasTried = ({ error }: StepDown): boolean => error.code !== 'model.originalsReleased';

/** Which model, and in which way, as far as that is settled. */
export function inWords({ model: { modelId, name, isDemo }, wish: { precision, device } }: Plan) {
  return { model: { modelId, name, isDemo }, precision, device };
}
