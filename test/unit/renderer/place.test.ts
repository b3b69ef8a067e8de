// Places, the way back, regions, looks, pages: small rules of the frame.
import { describe, expect, test } from 'vitest';
import type { CaseId } from '../../../shared/model/ids.ts';
import { nextRegion } from '../../../renderer/app/regions.ts';
import { pagesFor } from '../../../renderer/bridge/use-paged-rows.ts';
import { DEFAULT_LOOK, readLook, resolveTheme } from '../../../renderer/state/look.ts';
import {
  goBack,
  goForward,
  goTo,
  replaceHere,
  type Place,
  type Trail,
} from '../../../renderer/state/place.ts';
import { clampWidth } from '../../../renderer/ui/split-pane.tsx';

const cases: Place = { room: 'cases', params: {} };
const oneCase: Place = { room: 'cases', params: { caseId: 'case_1' as CaseId } };
const journal: Place = { room: 'journal', params: {} };
const start: Trail = { past: [], here: cases, future: [] };

describe('trail', () => {
  test('back and forward retrace the way', () => {
    const there = goTo(goTo(start, oneCase), journal);
    expect(goBack(there).here).toEqual(oneCase);
    expect(goBack(goBack(there)).here).toEqual(cases);
    expect(goForward(goBack(there)).here).toEqual(journal);
  });

  test('going where one is makes no step, and a new way forgets the old one', () => {
    expect(goTo(start, { room: 'cases', params: {} })).toBe(start);
    expect(goTo(goBack(goTo(start, journal)), oneCase).future).toEqual([]);
  });

  test('replacing makes no step back', () => {
    expect(goBack(replaceHere(goTo(start, journal), oneCase)).here).toEqual(cases);
  });

  test('the ends hold', () => {
    expect(goBack(start)).toBe(start);
    expect(goForward(start)).toBe(start);
  });
});

describe('regions', () => {
  test('F6 goes around, Shift+F6 the other way, from nowhere to an end', () => {
    expect([nextRegion(0, 3, 1), nextRegion(2, 3, 1), nextRegion(0, 3, -1)]).toEqual([1, 0, 2]);
    expect([nextRegion(-1, 3, 1), nextRegion(-1, 3, -1), nextRegion(-1, 0, 1)]).toEqual([0, 2, -1]);
  });
});

describe('look', () => {
  test('what is stored comes back; what is broken falls back', () => {
    expect(readLook('{"theme":"contrast","density":"compact","singleKeys":false}')).toEqual({
      theme: 'contrast',
      density: 'compact',
      singleKeys: false,
    });
    expect(readLook('{"theme":"pink"}')).toEqual(DEFAULT_LOOK);
    expect(readLook('not json')).toEqual(DEFAULT_LOOK);
    expect(readLook(null)).toEqual(DEFAULT_LOOK);
  });

  test('the system is followed only when asked for, contrast before dark', () => {
    expect(resolveTheme('system', { dark: true, contrast: true })).toBe('contrast');
    expect(resolveTheme('system', { dark: true, contrast: false })).toBe('dark');
    expect(resolveTheme('light', { dark: true, contrast: true })).toBe('light');
  });
});

describe('pages and panes', () => {
  test('the visible rows name their pages', () => {
    expect(pagesFor(0, 20, 200, 1000)).toEqual([0]);
    expect(pagesFor(190, 410, 200, 1000)).toEqual([0, 1, 2]);
    expect(pagesFor(990, 2000, 200, 1000)).toEqual([4]);
    expect(pagesFor(0, 0, 200, 0)).toEqual([0]);
  });

  test('a pane stays within its limits', () => {
    expect([clampWidth(10, 200, 600), clampWidth(300, 200, 600), clampWidth(999, 200, 600)]).toEqual([
      200, 300, 600,
    ]);
  });
});
