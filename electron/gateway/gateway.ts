// The one door: sender → size and rate → session → closed list → authorise → schema → handler → schema → journal → reply.
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Reply } from '../../shared/contract/bridge.ts';
import type { Operation } from '../../shared/contract/define.ts';
import { CONTRACT, type OperationName } from '../../shared/contract/index.ts';
import { AppError, isAppError, type WireError } from '../../shared/errors/app-error.ts';
import { mayDo, principalNamed } from '../access/roles.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Change, EntryDraft, Put, Vault } from '../store/vault.ts';
import type { Detail, Handlers, OperationContext } from './operation-context.ts';
import { RateLimiter } from './rate.ts';

export interface GatewayCall {
  readonly operation: string;
  readonly input: unknown;
  readonly session: string | null;
  readonly sender: string;
}

export interface GatewayReply {
  readonly reply: Reply<unknown>;
  /** Absent = unchanged; null = dropped; text = the new token. Travels beside the reply, never in it. */
  readonly session?: string | null;
}

export interface GatewayParts {
  readonly handlers: Handlers;
  readonly sessions: Sessions;
  /** The open vault, or null. */
  vault(): Vault | null;
  /** True when a workspace is selected, open or not: decides between "none" and "locked". */
  selected(): boolean;
  /** A bug was caught: the trace id, and the error for the local log. No data of the workspace is in it. */
  unexpected(traceId: string, operation: string, error: unknown): void;
}

const MAX_INPUT_BYTES = 1_048_576;
const isOperation = (name: string): name is OperationName => Object.hasOwn(CONTRACT, name);

/** Everything one call collects on its way through. */
interface Work {
  readonly puts: Put[];
  readonly removes: NonNullable<Change['removes']>[number][];
  readonly after: (() => Promise<void> | void)[];
  resource: string | null;
  detail: Detail;
  grant: string | null;
}

const firstPath = (issues: readonly v.BaseIssue<unknown>[]): string =>
  issues[0] === undefined ? '' : (v.getDotPath(issues[0]) ?? 'the whole input');

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #rate = new RateLimiter({ perSecond: 200, burst: 400 });

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  /** Never rejects: every outcome is a reply. */
  async call(request: GatewayCall): Promise<GatewayReply> {
    try {
      return await this.#dispatch(request);
    } catch (error) {
      return { reply: { ok: false, error: this.#wire(error, request.operation) } };
    }
  }

  #wire(error: unknown, operation: string): WireError {
    if (isAppError(error)) return { code: error.code, params: error.params };
    const traceId = randomBytes(8).toString('hex');
    this.#parts.unexpected(traceId, operation, error);
    return { code: 'internal.unexpected', params: { traceId }, traceId };
  }

  async #dispatch(request: GatewayCall): Promise<GatewayReply> {
    if (!this.#rate.take(request.sender)) throw new AppError('contract.rate');
    if ((JSON.stringify(request.input) ?? '').length > MAX_INPUT_BYTES)
      throw new AppError('contract.too_large', { limit: MAX_INPUT_BYTES });
    if (!isOperation(request.operation)) throw new AppError('contract.unknown_operation');
    const name = request.operation;
    const operation: Operation = CONTRACT[name];
    const principal = principalNamed(this.#parts.sessions.principalOf(request.session, request.sender));
    const work: Work = { puts: [], removes: [], after: [], resource: null, detail: {}, grant: null };
    const entry = (result: EntryDraft['result'], extra: Detail = {}): EntryDraft => ({
      eventType: name.split('.')[0] ?? name,
      principal: work.grant ?? principal.id,
      resource: work.resource,
      action: operation.journal ?? name,
      result,
      detail: { ...work.detail, ...extra },
    });
    try {
      if (operation.session === 'required' && principal.id === 'anonymous') {
        throw new AppError(this.#parts.selected() ? 'access.no_session' : 'workspace.none');
      }
      if (!mayDo(principal, operation.permission, operation.clearance))
        throw new AppError('access.denied', { operation: name });
      const input = v.safeParse(operation.input, request.input);
      if (!input.success)
        throw new AppError('contract.invalid_input', { operation: name, path: firstPath(input.issues) });
      // The handler's input and output types are those of `name`; the schemas on both sides hold them to it.
      const handler = this.#parts.handlers[name] as (input: unknown, context: OperationContext) => unknown;
      const value = await handler(input.output, this.#context(principal.id, work));
      const output = v.safeParse(operation.output, value);
      if (!output.success) throw new AppError('contract.invalid_output', { operation: name });
      await this.#commit(operation, work, entry('success'));
      for (const action of work.after) await action();
      const session =
        work.grant === null ? {} : { session: this.#parts.sessions.issue(work.grant, request.sender) };
      return { reply: { ok: true, value: output.output }, ...session };
    } catch (error) {
      const wire = this.#wire(error, name);
      const denied = wire.code.startsWith('access.') || wire.code === 'workspace.wrong_passphrase';
      await this.#parts
        .vault()
        ?.commit({ entry: entry(denied ? 'denied' : 'failure', { error: wire.code }) });
      return { reply: { ok: false, error: wire } };
    }
  }

  async #commit(operation: Operation, work: Work, entry: EntryDraft): Promise<void> {
    const vault = this.#parts.vault();
    const writes = work.puts.length + work.removes.length > 0;
    if (vault === null || (operation.journal === null && !writes)) return;
    await vault.commit({ puts: work.puts, removes: work.removes, entry });
  }

  #context(principal: string, work: Work): OperationContext {
    const parts = this.#parts;
    return {
      principal,
      get vault() {
        const vault = parts.vault();
        if (vault === null) throw new AppError(parts.selected() ? 'access.no_session' : 'workspace.none');
        return vault;
      },
      stage: (put) => void work.puts.push(put),
      stageRemoval: (record) => void work.removes.push(record),
      note: (resource, detail = {}) => {
        work.resource = resource;
        work.detail = { ...work.detail, ...detail };
      },
      grantSession: (id) => {
        work.grant = id;
      },
      after: (action) => void work.after.push(action),
    };
  }
}
