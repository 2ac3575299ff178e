import type { Language } from '../shared/translate';

const unitNames = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Bytes as people and their system monitors read them: 1,024 to the unit, one decimal from MB on below 100. */
export function formatBytes(bytes: number, language: Language): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), unitNames.length - 1);
  const value = bytes / 1024 ** power;
  const digits = power >= 2 && value < 99.95 ? 1 : 0;
  return `${formatNumber(value, language, digits)} ${unitNames[power]}`;
}

/** A figure with exactly `digits` decimals and the language's separators. */
export const formatNumber = (value: number, language: Language, digits = 0): string =>
  new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

/** Tokens per second: a decimal only where it says something. */
export const formatRate = (perSecond: number, language: Language): string =>
  formatNumber(perSecond, language, perSecond < 10 ? 1 : 0);

/** Milliseconds as seconds, with as many decimals as it takes for a fast first token not to be "0.0". */
export const formatSeconds = (milliseconds: number, language: Language): string =>
  formatNumber(milliseconds / 1000, language, milliseconds < 9.5 ? 3 : milliseconds < 95 ? 2 : 1);
