// The form of an operation: everything that the gateway must know before it runs one.
import type * as v from 'valibot';

export const PERMISSIONS = [
  'workspace.enter',
  'workspace.manage',
  'case.read',
  'case.write',
  'audit.read',
  'audit.run',
  'evidence.read',
  'evidence.create',
  'journal.read',
  'journal.export',
  'settings.read',
  'settings.write',
  'files.choose',
  'jobs.read',
  'jobs.cancel',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Compared by rank, never as strings. */
export const CLEARANCES = ['public', 'internal', 'confidential', 'restricted', 'top_secret'] as const;
export type Clearance = (typeof CLEARANCES)[number];

type AnySchema = v.GenericSchema;

export interface Operation<I extends AnySchema = AnySchema, O extends AnySchema = AnySchema> {
  readonly kind: 'query' | 'command';
  /** before-session operations (create, unlock) carry no session; all others need one. */
  readonly session: 'none' | 'required';
  readonly permission: Permission;
  readonly clearance: Clearance;
  /** What the journal calls it; `null` for the few that run before there is a journal or that only poll. */
  readonly journal: string | null;
  readonly input: I;
  readonly output: O;
}

/** Declares one operation. */
export const op = <I extends AnySchema, O extends AnySchema>(
  o: Omit<Operation<I, O>, 'session'> & { readonly session?: 'none' | 'required' },
): Operation<I, O> => ({ session: 'required', ...o });
