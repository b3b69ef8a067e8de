// Shortcuts: reading, matching, showing.
import { describe, expect, test } from 'vitest';
import {
  displayKeys,
  isSingleKey,
  matchesChord,
  parseChord,
  type KeyStroke,
} from '../../../renderer/ui/shortcut.ts';

const stroke = (key: string, held: Partial<KeyStroke> = {}): KeyStroke => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('shortcuts', () => {
  test('Mod is Control on a PC and Command on a Mac, never the other one', () => {
    const chord = parseChord('Mod+K');
    expect(matchesChord(stroke('k', { ctrlKey: true }), chord, false)).toBe(true);
    expect(matchesChord(stroke('k', { metaKey: true }), chord, false)).toBe(false);
    expect(matchesChord(stroke('k', { metaKey: true }), chord, true)).toBe(true);
    expect(matchesChord(stroke('k', { ctrlKey: true }), chord, true)).toBe(false);
  });

  test('Shift makes another shortcut of a letter', () => {
    expect(matchesChord(stroke('Z', { ctrlKey: true, shiftKey: true }), parseChord('Mod+Z'), false)).toBe(
      false,
    );
    expect(
      matchesChord(stroke('Z', { ctrlKey: true, shiftKey: true }), parseChord('Mod+Shift+Z'), false),
    ).toBe(true);
  });

  test('the question mark matches whether or not the keyboard needs Shift for it', () => {
    const chord = parseChord('?');
    expect(matchesChord(stroke('?', { shiftKey: true }), chord, false)).toBe(true);
    expect(matchesChord(stroke('?'), chord, false)).toBe(true);
    expect(matchesChord(stroke('?', { ctrlKey: true }), chord, false)).toBe(false);
  });

  test('only a lone printable key counts as a single-key shortcut', () => {
    expect(isSingleKey(parseChord('?'))).toBe(true);
    expect(isSingleKey(parseChord('F1'))).toBe(false);
    expect(isSingleKey(parseChord('Mod+K'))).toBe(false);
  });

  test('keys are shown as they are printed on this computer', () => {
    expect(displayKeys('Mod+Shift+z', false)).toEqual(['Ctrl', 'Shift', 'Z']);
    expect(displayKeys('Mod+Shift+z', true)).toEqual(['⌘', '⇧', 'Z']);
    expect(displayKeys('Alt+ArrowLeft', false)).toEqual(['Alt', '←']);
  });

  test('a shortcut without a key is refused', () => {
    expect(() => parseChord('Mod+')).toThrow(/not a shortcut/u);
  });
});
