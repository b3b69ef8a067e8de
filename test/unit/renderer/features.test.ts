// What the rooms register: no two commands with one id, no two shortcuts on one key.
import { describe, expect, test } from 'vitest';
import { FEATURES } from '../../../renderer/app/features.ts';
import { GLOBAL_SHORTCUTS } from '../../../renderer/app/text.ts';
import { ROOM_IDS } from '../../../renderer/state/place.ts';
import { isSingleKey, parseChord } from '../../../renderer/ui/shortcut.ts';

const commands = FEATURES.flatMap((feature) => feature.commands);
const twice = (list: readonly string[]): string[] => list.filter((item, at) => list.indexOf(item) !== at);

describe('features', () => {
  test('every room has its feature, in the order of the rail', () => {
    expect(FEATURES.map((f) => f.id)).toEqual([...ROOM_IDS]);
  });

  test('commands are unique and begin with their room', () => {
    expect(twice(commands.map((c) => c.id))).toEqual([]);
    for (const feature of FEATURES)
      for (const command of feature.commands) expect(command.id.startsWith(`${feature.id}.`)).toBe(true);
  });

  test('no shortcut is taken twice, and none is a single key but the documented one', () => {
    const rooms = FEATURES.map((_, at) => `Mod+${at + 1}`);
    const keys = [
      ...GLOBAL_SHORTCUTS.flatMap((s) => [s.keys, ...(s.also === undefined ? [] : [s.also])]),
      ...rooms,
      ...commands.flatMap((c) => (c.keys === undefined ? [] : [c.keys])),
    ];
    expect(twice(keys)).toEqual([]);
    expect(keys.filter((k) => isSingleKey(parseChord(k)))).toEqual(['?']);
  });
});
