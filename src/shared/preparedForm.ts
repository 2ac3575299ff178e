import type { Device, Precision } from './precision';

/** The number format that each device computes in. WGSL has no bfloat16, so float16 stands in for it on the GPU. */
export const floatTypeOn = { cpu: 'float32', gpu: 'float16' } as const satisfies Record<Device, string>;

/** The folder of a model's prepared weights in the form that a precision on a device needs. It is whole when it has a
 *  `manifest.json`. */
export const preparedFormName = (precision: Precision, device: Device): string => `${precision}-${floatTypeOn[device]}`;
