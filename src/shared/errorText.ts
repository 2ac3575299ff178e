import { Device, Precision } from './precision';
import type { TextKey } from './translate';
import type { WireError } from './wireError';

type Translate = (key: TextKey, params?: WireError['params']) => string;

/** The sentence of an error. Where its parameters name a precision and a device, the sentence has them in words, as `{way}`. */
export const errorText = (t: Translate, { code, params }: WireError): string =>
  t(`errors.${code}`, { ...params, way: wayOf(t, params) });

/** Whether that sentence names the way itself. */
export const saysWay = (t: Translate, { code }: WireError): boolean => t(`errors.${code}`).includes('{way}');

/** Errors that were stored before they named both say no more than "this precision". */
function wayOf(t: Translate, { precision, device }: WireError['params']): string {
  const [knownPrecision, knownDevice] = [Precision.safeParse(precision), Device.safeParse(device)];
  if (!knownPrecision.success || !knownDevice.success) return t('model.thisWay');
  return t('model.way', {
    precision: t(`model.precision.${knownPrecision.data}`),
    device: t(`model.device.${knownDevice.data}`),
  });
}
