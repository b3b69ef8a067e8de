// The colour tokens of every theme have the contrast that WCAG asks for.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../../renderer/ui/tokens.css', import.meta.url), 'utf8');

const themeTokens = (theme: string): ReadonlyMap<string, string> => {
  const block = new RegExp(`\\[data-theme='${theme}'\\]\\s*\\{([^}]*)\\}`, 'u').exec(css)?.[1];
  if (block === undefined) throw new Error(`no theme ${theme}`);
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6,8})\s*;/gu)].map((m) => [m[1] ?? '', m[2] ?? '']),
  );
};

/** Relative luminance, WCAG 2.2 definition. */
const luminance = (hex: string): number => {
  const channel = (at: number): number => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
};

const ratio = (a: string, b: string): number => {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
};

const GROUNDS = ['bg', 'surface', 'raised', 'sunken', 'hover', 'selected'];
const TEXT_PAIRS: readonly (readonly [string, readonly string[]])[] = [
  ['text', [...GROUNDS, 'accent-tint', 'pass-tint', 'attention-tint', 'fail-tint']],
  ['text-muted', [...GROUNDS, 'accent-tint', 'pass-tint', 'attention-tint', 'fail-tint']],
  ['accent', ['bg', 'surface', 'raised', 'sunken', 'hover', 'accent-tint', 'selected']],
  ['accent-hover', ['bg', 'surface', 'raised', 'hover']],
  ['pass', ['bg', 'surface', 'raised', 'pass-tint']],
  ['attention', ['bg', 'surface', 'raised', 'attention-tint']],
  ['fail', ['bg', 'surface', 'raised', 'fail-tint']],
  ['on-accent', ['accent', 'accent-hover']],
];
/** Edges of controls, focus rings and state bars: WCAG 1.4.11. */
const SHAPE_PAIRS: readonly (readonly [string, readonly string[]])[] = [
  ['border-control', ['bg', 'surface', 'raised']],
  ['focus', ['bg', 'surface', 'raised', 'sunken', 'selected']],
  ['pass', ['surface', 'sunken']],
  ['attention', ['surface', 'sunken']],
  ['fail', ['surface', 'sunken']],
];

const short = (theme: string, pairs: typeof TEXT_PAIRS, least: number): string[] => {
  const tokens = themeTokens(theme);
  return pairs.flatMap(([front, backs]) =>
    backs.flatMap((back) => {
      const a = tokens.get(front);
      const b = tokens.get(back);
      if (a === undefined || b === undefined) return [`${front} or ${back} is missing`];
      const measured = ratio(a, b);
      return measured >= least ? [] : [`${front} on ${back}: ${measured.toFixed(2)}`];
    }),
  );
};

describe('colour tokens', () => {
  test('the measure agrees with the known ends of the scale', () => {
    expect(ratio('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(ratio('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  test.each(['light', 'dark'])('%s: text has at least 4.5 to 1', (theme) => {
    expect(short(theme, TEXT_PAIRS, 4.5)).toEqual([]);
  });

  test('high contrast: text has at least 7 to 1', () => {
    expect(short('contrast', TEXT_PAIRS, 7)).toEqual([]);
  });

  test.each(['light', 'dark', 'contrast'])('%s: shapes that carry meaning have at least 3 to 1', (theme) => {
    expect(short(theme, SHAPE_PAIRS, 3)).toEqual([]);
  });

  test('every theme sets the same tokens', () => {
    const names = (theme: string): string[] => [...themeTokens(theme).keys()].toSorted();
    expect(names('dark')).toEqual(names('light'));
    expect(names('contrast')).toEqual(names('light'));
  });
});
