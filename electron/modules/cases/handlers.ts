// Binds the operations on cases to their service.
import type { HandlersOf } from '../../gateway/operation-context.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import { caseRecord, getCase, listCases, newCase } from './service.ts';

export const caseHandlers = (clock: Clock, ids: Ids): HandlersOf<'cases'> => ({
  'cases.list': (_input, { vault }) => listCases(vault),
  'cases.get': (input, { vault, note }) => {
    note(input.id);
    return getCase(vault, input.id);
  },
  'cases.create': (draft, context) => {
    const made = newCase(draft, clock, ids);
    context.stage(caseRecord(made));
    context.note(made.id);
    return made;
  },
  'cases.update': async ({ id, ...draft }, context) => {
    const changed = { ...(await getCase(context.vault, id)), ...draft, updatedAt: clock.now() };
    context.stage(caseRecord(changed));
    context.note(id);
    return changed;
  },
});
