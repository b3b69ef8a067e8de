// What a handler gets beside its input: who asks, the open vault, and a way to stage writes.
import type { Contract, OperationName, OperationOutput, ParsedInput } from '../../shared/contract/index.ts';
import type { Put, Vault } from '../store/vault.ts';

export interface OperationContext {
  readonly principal: string;
  /** Throws AppError('workspace.none' | 'access.no_session') when nothing is open. */
  readonly vault: Vault;
  readonly signal: AbortSignal;
  /** Staged writes are committed together with the journal entry, after the output has passed its schema. */
  stage(put: Put): void;
  /** Adds to the journal entry's resource and detail; ids, counts and digests only. */
  note(resource: string | null, detail?: Readonly<Record<string, string | number | boolean | null>>): void;
}

export type Handler<N extends OperationName> = (
  input: ParsedInput<N>,
  context: OperationContext,
) => Promise<OperationOutput<N>> | OperationOutput<N>;

/** A missing handler is a compile error. */
export type Handlers = { readonly [N in keyof Contract]: Handler<N> };
