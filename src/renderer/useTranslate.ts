import { createContext, useCallback, useContext } from 'react';
import type { LanguageSetting } from '../shared/settings';
import { type Language, languageOf, type TextKey, translate } from '../shared/translate';

export type Translate = (key: TextKey, params?: Readonly<Record<string, string | number>>) => string;

/** The language of the interface; App provides it from the settings. */
export const LanguageContext = createContext<Language>('en');

/** What a setting means on this computer. */
export const languageFor = (setting: LanguageSetting, systemLocale: string): Language =>
  setting === 'system' ? languageOf(systemLocale) : setting;

export const useLanguage = (): Language => useContext(LanguageContext);

/** `t('key', params)` in the language of the interface. */
export function useTranslate(): Translate {
  const language = useLanguage();
  return useCallback<Translate>((key, params) => translate(language, key, params), [language]);
}
