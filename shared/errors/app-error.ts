// Expected outcomes travel as an AppError: a code of the registry and parameters, never free text.
import type { ErrorCode } from './codes.ts';

/** Values that fill the placeholders of the code's texts. File names and row numbers, never file content. */
export type ErrorParams = Readonly<Record<string, string | number>>;

/** An outcome that was foreseen. Anything else that is thrown is a bug and becomes `internal.unexpected`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  constructor(code: ErrorCode, params: ErrorParams = {}) {
    super(code);
    this.name = 'AppError';
    this.code = code;
    this.params = params;
  }
}

/** The form in which an error crosses a process boundary. */
export interface WireError {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  readonly traceId?: string;
}

export const isAppError = (value: unknown): value is AppError => value instanceof AppError;
