// Drafts undo and redo step by step, across saving.
import { describe, expect, test } from 'vitest';
import {
  editDraft,
  isChanged,
  rebaseDraft,
  redoDraft,
  startDraft,
  undoDraft,
  type DraftHistory,
} from '../../../renderer/state/draft-history.ts';
import { fc } from './property.ts';

interface Form {
  readonly name: string;
  readonly notes: string;
}
const EMPTY: Form = { name: '', notes: '' };

describe('draft history', () => {
  test('typing in one field within a second is one step', () => {
    let draft = startDraft(EMPTY);
    draft = editDraft(draft, 'name', 'a', 1000);
    draft = editDraft(draft, 'name', 'ab', 1200);
    draft = editDraft(draft, 'name', 'abc', 1900);
    expect(undoDraft(draft).now).toEqual(EMPTY);
  });

  test('a pause or another field begins a new step', () => {
    let draft = editDraft(startDraft(EMPTY), 'name', 'a', 0);
    draft = editDraft(draft, 'notes', 'x', 100);
    draft = editDraft(draft, 'notes', 'xy', 5000);
    expect(undoDraft(draft).now).toEqual({ name: 'a', notes: 'x' });
    expect(undoDraft(undoDraft(draft)).now).toEqual({ name: 'a', notes: '' });
  });

  test('a saved edit can still be undone, and then counts as a change', () => {
    let draft = editDraft(startDraft(EMPTY), 'name', 'a', 0);
    draft = rebaseDraft(draft, draft.now);
    expect(isChanged(draft)).toBe(false);
    draft = undoDraft(draft);
    expect(draft.now.name).toBe('');
    expect(isChanged(draft)).toBe(true);
  });

  test('after a save typing begins a new step', () => {
    let draft = editDraft(startDraft(EMPTY), 'name', 'a', 0);
    draft = rebaseDraft(draft, draft.now);
    draft = editDraft(draft, 'name', 'ab', 100);
    expect(undoDraft(draft).now.name).toBe('a');
  });

  test('an edit after undo forgets what could be redone', () => {
    let draft = editDraft(startDraft(EMPTY), 'name', 'a', 0);
    draft = editDraft(undoDraft(draft), 'name', 'b', 10);
    expect(redoDraft(draft).now.name).toBe('b');
  });

  test('setting the same value is no step', () => {
    const draft = startDraft(EMPTY);
    expect(editDraft(draft, 'name', '', 0)).toBe(draft);
  });

  test('undoing everything and redoing everything gives the same text', () => {
    const edits = fc.array(
      fc.tuple(fc.constantFrom('name' as const, 'notes' as const), fc.string(), fc.nat({ max: 3000 })),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(edits, (list) => {
        let at = 0;
        let draft: DraftHistory<Form> = startDraft(EMPTY);
        for (const [field, value, wait] of list) {
          at += wait;
          draft = editDraft(draft, field, value, at);
        }
        const end = draft.now;
        const steps = draft.past.length;
        for (let n = 0; n < steps; n += 1) draft = undoDraft(draft);
        const isStart = draft.now.name === '' && draft.now.notes === '';
        for (let n = 0; n < steps; n += 1) draft = redoDraft(draft);
        return isStart && draft.now.name === end.name && draft.now.notes === end.notes;
      }),
    );
  });
});
