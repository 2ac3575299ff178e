import { z } from 'zod';
import { demoModelId, ModelId, SourceId } from './library';
import { DeviceSetting, PrecisionSetting } from './precision';

export const LanguageSetting = z.enum(['system', 'zh-CN', 'en']);
export type LanguageSetting = z.infer<typeof LanguageSetting>;
export const ThemeSetting = z.enum(['system', 'light', 'dark']);
export type ThemeSetting = z.infer<typeof ThemeSetting>;

/** Every source once, in the order in which they are tried. */
export const SourceOrder = z.array(SourceId).refine((order) => new Set(order).size === order.length);

/** A base URL of the user's; http is for servers at home. */
const SourceUrl = z.url({ protocol: /^https?$/ }).max(2_000);

/** What a user can change. Every field has a default, so an older or partial file still reads. */
export const Settings = z.object({
  language: LanguageSetting.default('system'),
  theme: ThemeSetting.default('system'),
  precision: PrecisionSetting.default('auto'),
  device: DeviceSetting.default('auto'),
  /** The model that answers. */
  modelId: ModelId.default(demoModelId),
  /** Where models lie; null: in the app's own data folder. */
  modelsFolder: z.string().min(1).nullable().default(null),
  sourceOrder: SourceOrder.default(['modelscope', 'huggingFace', 'hfMirror', 'custom']),
  customSource: SourceUrl.nullable().default(null),
  /** Bytes a second of all downloads together; null: as fast as it goes. */
  bandwidthLimit: z.int().min(10_000).nullable().default(null),
  /** Whether the published weights stay after they were prepared. */
  keepsOriginals: z.boolean().default(false),
  /** Whether the first steps were taken or left. */
  hasStarted: z.boolean().default(false),
});
export type Settings = z.infer<typeof Settings>;

/** A change of some settings; unknown keys are refused. */
export const SettingsChange = z
  .strictObject({
    language: LanguageSetting,
    theme: ThemeSetting,
    precision: PrecisionSetting,
    device: DeviceSetting,
    sourceOrder: SourceOrder,
    customSource: SourceUrl.nullable(),
    bandwidthLimit: z.int().min(10_000).nullable(),
    keepsOriginals: z.boolean(),
    hasStarted: z.boolean(),
  })
  .partial();
export type SettingsChange = z.infer<typeof SettingsChange>;
