// Time and identifiers as injected capabilities, so that tests and deterministic outputs can pin them.
import { randomBytes } from 'node:crypto';

export interface Clock {
  /** The current instant, RFC 3339 UTC with milliseconds. */
  now(): string;
}

export const systemClock: Clock = {
  now: () =>
    Temporal.Now.instant().round({ smallestUnit: 'millisecond' }).toString({ fractionalSecondDigits: 3 }),
};

export interface Ids {
  /** `<prefix>_` + 32 random hex digits (128 bit). The caller brands it with the schema of `shared/model/ids.ts`. */
  make(prefix: string): string;
}

export const randomIds: Ids = { make: (prefix) => `${prefix}_${randomBytes(16).toString('hex')}` };
