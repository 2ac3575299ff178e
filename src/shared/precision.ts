import { z } from 'zod';

/** How weights are stored; architecture and sizes in ARCHITECTURE.md. */
export const Precision = z.enum(['bf16', 'int8', 'nf4', 'int4']);
export type Precision = z.infer<typeof Precision>;
export const PrecisionSetting = z.enum(['auto', ...Precision.options]);
export type PrecisionSetting = z.infer<typeof PrecisionSetting>;

export const Device = z.enum(['gpu', 'cpu']);
export type Device = z.infer<typeof Device>;
export const DeviceSetting = z.enum(['auto', ...Device.options]);
export type DeviceSetting = z.infer<typeof DeviceSetting>;
