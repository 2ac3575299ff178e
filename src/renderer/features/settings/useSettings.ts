import { useCallback } from 'react';
import type { ModelId } from '../../../shared/library';
import type { Settings, SettingsChange } from '../../../shared/settings';
import type { WireError } from '../../../shared/wireError';
import { call } from '../../ipc';
import { useAction } from '../../useAction';
import { useWatch } from '../../useWatch';

export type SettingsAccess = {
  readonly settings: Settings;
  /** Whether main has told what the settings are; until then `settings` are the defaults. */
  readonly isKnown: boolean;
  /** Main stores and applies it; the new settings then arrive as any other change does. */
  readonly change: (change: SettingsChange) => void;
  readonly error: WireError | null;
};

/** What holds until main has answered, for the first frames: the same defaults as in main. */
const initialSettings: Settings = {
  language: 'system',
  theme: 'system',
  precision: 'auto',
  device: 'auto',
  modelId: 'demo' as ModelId, // a plain file name, as the brand says
  modelsFolder: null,
  sourceOrder: ['modelscope', 'huggingFace', 'hfMirror', 'custom'],
  customSource: null,
  bandwidthLimit: null,
  keepsOriginals: false,
  hasStarted: true,
};

export function useSettings(): SettingsAccess {
  const { value, error: watchError } = useWatch('settings.watch');
  const { error, run } = useAction();
  const change = useCallback((input: SettingsChange) => void run(() => call('settings.change', input)), [run]);
  return { settings: value ?? initialSettings, isKnown: value !== null, change, error: error ?? watchError };
}
