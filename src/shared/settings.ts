import { z } from 'zod';
import { DeviceSetting, PrecisionSetting } from './precision';

export const LanguageSetting = z.enum(['system', 'zh-CN', 'en']);
export type LanguageSetting = z.infer<typeof LanguageSetting>;
export const ThemeSetting = z.enum(['system', 'light', 'dark']);
export type ThemeSetting = z.infer<typeof ThemeSetting>;

/** What a user can change. Every field has a default, so an older or partial file still reads. */
export const Settings = z.object({
  language: LanguageSetting.default('system'),
  theme: ThemeSetting.default('system'),
  precision: PrecisionSetting.default('auto'),
  device: DeviceSetting.default('auto'),
});
export type Settings = z.infer<typeof Settings>;

/** A change of some settings; unknown keys are refused. */
export const SettingsChange = z
  .strictObject({
    language: LanguageSetting,
    theme: ThemeSetting,
    precision: PrecisionSetting,
    device: DeviceSetting,
  })
  .partial();
export type SettingsChange = z.infer<typeof SettingsChange>;
