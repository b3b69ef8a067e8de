// What a handler gets beside its input: who asks, the open vault, and ways to stage writes and session changes.
import type { Contract, OperationName, OperationOutput, ParsedInput } from '../../shared/contract/index.ts';
import type { EntryDraft, Put, RecordKind, Vault } from '../store/vault.ts';

export type Detail = EntryDraft['detail'];

export interface OperationContext {
  readonly principal: string;
  /** Throws AppError('workspace.none' | 'access.no_session') when nothing is open. */
  readonly vault: Vault;
  /** Staged writes are committed together with the journal entry, after the output has passed its schema. */
  stage(put: Put): void;
  /** Stages the removal of a record, in the same transaction. */
  stageRemoval(record: { readonly kind: RecordKind; readonly id: string }): void;
  /** Adds to the journal entry's resource and detail; ids, counts and digests only. */
  note(resource: string | null, detail?: Detail): void;
  /** The reply carries a new session for this principal. */
  grantSession(principal: string): void;
  /** Runs after the journal entry is written: closing the vault, starting a job. */
  after(action: () => Promise<void> | void): void;
}

export type Handler<N extends OperationName> = (
  input: ParsedInput<N>,
  context: OperationContext,
) => Promise<OperationOutput<N>> | OperationOutput<N>;

/** A missing handler is a compile error. */
export type Handlers = { readonly [N in keyof Contract]: Handler<N> };

/** The handlers of one module: those operations whose names start with one of its prefixes. */
export type HandlersOf<P extends string> = Pick<Handlers, Extract<OperationName, `${P}.${string}`>>;
