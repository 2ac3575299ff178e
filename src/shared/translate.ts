import { en } from './locales/en';
import { zhCN } from './locales/zhCN';

export type Language = 'en' | 'zh-CN';
export type TextKey = keyof typeof en;

const texts: Record<Language, Record<TextKey, string>> = { en, 'zh-CN': zhCN };

/** The text of `key`, with `{name}` replaced by `params.name`; a parameter that is missing stays visible as `{name}`. */
export function translate(
  language: Language,
  key: TextKey,
  params: Readonly<Record<string, string | number>> = {},
): string {
  return texts[language][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : whole,
  );
}

/** A BCP 47 tag of the system → a language we speak. Any Chinese is ours; everything else reads English. */
export const languageOf = (locale: string): Language => (/^zh\b/i.test(locale) ? 'zh-CN' : 'en');
