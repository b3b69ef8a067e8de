// Shortcuts as text (`Mod+Shift+Z`): reading them, matching key events, showing them.

/** Mod is Command on a Mac and Control elsewhere. */
export interface Chord {
  readonly key: string;
  readonly mod: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** What a chord is compared with: the part of a KeyboardEvent that matters. */
export interface KeyStroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

export const isMac = (): boolean => typeof navigator !== 'undefined' && /Mac/u.test(navigator.platform);

/** @throws Error for a chord without a key: a mistake in the program, never of the user. */
export const parseChord = (text: string): Chord => {
  const parts = text.split('+');
  const key = parts.at(-1);
  if (key === undefined || key === '') throw new Error(`not a shortcut: ${text}`);
  const modifiers = new Set(parts.slice(0, -1));
  return { key, mod: modifiers.has('Mod'), shift: modifiers.has('Shift'), alt: modifiers.has('Alt') };
};

/** Printable single keys ignore Shift, because `?` needs it on some keyboards and not on others. */
export const matchesChord = (stroke: KeyStroke, chord: Chord, mac: boolean): boolean => {
  const mod = mac ? stroke.metaKey : stroke.ctrlKey;
  const other = mac ? stroke.ctrlKey : stroke.metaKey;
  if (other || mod !== chord.mod || stroke.altKey !== chord.alt) return false;
  const printable = chord.key.length === 1 && !/[a-z0-9]/iu.test(chord.key);
  if (!printable && stroke.shiftKey !== chord.shift) return false;
  return stroke.key.toLowerCase() === chord.key.toLowerCase();
};

/** True for a shortcut of one printable key, which must be possible to turn off (WCAG 2.1.4). */
export const isSingleKey = (chord: Chord): boolean => chord.key.length === 1 && !chord.mod && !chord.alt;

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};
const MAC_NAMES: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
const PC_NAMES: Readonly<Record<string, string>> = { Mod: 'Ctrl' };

/** The parts to show, e.g. `['Ctrl', 'K']`. */
export const displayKeys = (text: string, mac: boolean = isMac()): readonly string[] =>
  text
    .split('+')
    .map(
      (part) =>
        (mac ? MAC_NAMES : PC_NAMES)[part] ?? NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part),
    );
