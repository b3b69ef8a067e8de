// A refused or failed operation as the page sees it, and its words.
import type { WireError } from '../../shared/errors/app-error.ts';
import { ERRORS, fillText, type ErrorCode } from '../../shared/errors/codes.ts';

/** Thrown by `client.call` when the answer is `{ ok: false }`. */
export class OperationError extends Error {
  readonly code: ErrorCode;
  readonly params: WireError['params'];
  readonly traceId: string | undefined;
  constructor(wire: WireError) {
    super(wire.code);
    this.name = 'OperationError';
    this.code = wire.code;
    this.params = wire.params;
    this.traceId = wire.traceId;
  }
}

/** The form that `ui/panels.tsx` ErrorNotice takes. */
export interface ErrorWords {
  readonly what: string;
  readonly remedy: string;
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly traceId?: string | undefined;
}

const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

/** Words for a code of the registry; an unknown code (a newer main process) keeps its code and says so. */
export const describeCode = (
  code: string,
  params: WireError['params'] = {},
  traceId?: string,
): ErrorWords => {
  const entry = ERRORS[isCode(code) ? code : 'internal.unexpected'];
  const filled = traceId === undefined ? { traceId: 'none', ...params } : { traceId, ...params };
  return {
    what: fillText(entry.what, filled),
    remedy: fillText(entry.remedy, filled),
    code,
    severity: entry.severity,
    traceId,
  };
};

/** Words for anything that was thrown. */
export const describeError = (error: unknown): ErrorWords =>
  error instanceof OperationError
    ? describeCode(error.code, error.params, error.traceId)
    : describeCode('internal.unexpected');
