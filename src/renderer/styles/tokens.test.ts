import { expect, test } from 'vitest';
import css from './tokens.css?raw';

type Theme = Readonly<Record<string, string>>;

const [lightCss = '', darkCss = ''] = css.split(":root[data-theme='dark']");
const colors = (part: string): Theme =>
  Object.fromEntries(
    [...part.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map(([, name = '', value = '']) => [name, value]),
  );
const themes = { light: colors(lightCss), dark: { ...colors(lightCss), ...colors(darkCss) } };

/** Relative luminance and contrast ratio as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const text: readonly (readonly [string, readonly string[]])[] = [
  ['ink', ['paper', 'paper-2', 'paper-3', 'card', 'code', 'seal-soft']],
  ['ink-2', ['paper', 'paper-2', 'paper-3', 'card', 'code']],
  ['ink-3', ['paper', 'paper-2', 'card', 'code']],
  ['seal', ['paper', 'paper-2', 'card']],
  ['seal-ink', ['seal', 'seal-strong']],
  ['ok', ['ok-soft', 'card']],
  ['warn', ['warn-soft', 'card']],
  ['no', ['no-soft', 'card', 'paper']],
  ['paper', ['ink']],
  ...['word', 'string', 'number', 'name', 'quiet'].map((part) => [`syntax-${part}`, ['code']] as const),
];
const marks: readonly (readonly [string, readonly string[]])[] = [
  ['edge', ['paper', 'card']],
  ['seal', ['paper', 'paper-3', 'card']],
  ['meter-others', ['paper-3']],
  ['meter-conversation', ['paper-3']],
  ['ok', ['card']],
  ['card', ['no', 'ink-2']],
];

const cases = (pairs: typeof text, least: number) =>
  Object.keys(themes).flatMap((theme) =>
    pairs.flatMap(([front, backs]) => backs.map((back) => ({ theme, front, back, least }))),
  );

test('the light theme and the dark one name the same colours', () => {
  expect(Object.keys(colors(darkCss))).toEqual(Object.keys(colors(lightCss)));
});

test.each([...cases(text, 4.5), ...cases(marks, 3)])(
  '$theme: $front on $back has $least',
  ({ theme, front, back, least }) => {
    const palette: Theme = theme === 'light' ? themes.light : themes.dark;
    expect(contrast(palette[front] ?? '#', palette[back] ?? '#')).toBeGreaterThanOrEqual(least);
  },
);
