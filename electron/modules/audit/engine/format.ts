// What a log format offers: one folder per format, one interface, nothing to change elsewhere but the list in formats.ts.
import type { Detection } from '../../../../shared/model/audit.ts';
import type { Progress } from '../../../../shared/model/job.ts';
import type { RecordView, VerificationReport } from '../../../../shared/model/verdict.ts';
import type { JobHost } from '../../../jobs/job-kinds.ts';
import type { FormatMethod } from './method.ts';
import type { Source } from '../../../ports/source.ts';

export interface KeyFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface VerifyOptions {
  /** Heads known from outside the log: lower-case hex SHA-256. */
  readonly trustedHeads: readonly string[];
  /** Small companion files: public keys, HMAC keys, vkeys, certificates, MAC files, sidecars. Told apart by content. */
  readonly keys: readonly KeyFile[];
  /** Files that a proof is about, or large companions (block headers): content decides. Absent = none. */
  readonly data?: readonly Source[];
  /** How many of `data` and of `keys`, from the front, the user named; the rest lay in the same folder. Absent = all. */
  readonly dataGiven?: number;
  readonly keysGiven?: number;
  /** How a hash-chained log is hashed (shared/chain/recipe.ts), as JSON text; absent = inferred. */
  readonly recipe?: string;
  /** SHA-256 recorded at intake; a reader that sees other bytes throws AppError('file.changed'). */
  readonly expectedSha256?: string;
}

export interface EngineRun {
  readonly signal: AbortSignal;
  /** May be called as often as convenient: the job layer throttles to 10 a second. */
  progress(p: Progress): void;
  /** Runs parts of a verification in other threads. Absent = there are none. */
  readonly helpers?: JobHost;
}

/** The report, and what is needed to find a record again quickly. */
export interface Verified {
  readonly report: VerificationReport;
  /**
   * Byte offset (in the uncompressed file) of every `every`-th record, or [] where the format doesn't need it; `lines`
   * gives their line numbers, where known.
   */
  readonly locator: {
    readonly every: number;
    readonly offsets: readonly number[];
    readonly lines?: readonly number[];
  };
  /** The logs of a folder that holds several, each with its own answer. */
  readonly parts?: readonly { readonly path: string; readonly verified: Verified }[];
}

export interface AuditFormat {
  readonly id: string;
  readonly title: string;
  /** One sentence for the formats list. */
  readonly summary: string;
  /** How it is checked, for reports. */
  readonly method?: FormatMethod;
  /** Looks at names and the first 64 KiB only; null = not this format. */
  detect(source: Source): Promise<Detection | null>;
  verify(source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified>;
  /** One record under the lens. Throws AppError('audit.no_such_record'). */
  record(source: Source, verified: Verified, index: number, options: VerifyOptions): Promise<RecordView>;
}
