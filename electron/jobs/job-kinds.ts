// What each kind of job takes and gives across the process border: plain, structured-cloneable data.
import type { Detection, SourceEntry } from '../../shared/model/audit.ts';
import type { PackVerification } from '../../shared/model/evidence.ts';
import type { Progress } from '../../shared/model/job.ts';
import type { Verified } from '../modules/audit/engine/format.ts';
import type { BlobTicket } from '../store/vault.ts';
import type { BuildInput, BuildOutput } from '../modules/evidence/engine/build-input.ts';

/** Where a job host finds the bytes: on disk, or in encrypted blobs. */
export type SourceSpec =
  | { readonly at: 'path'; readonly path: string }
  | {
      readonly at: 'blobs';
      readonly name: string;
      readonly kind: 'file' | 'folder';
      readonly files: readonly { readonly name: string; readonly ticket: BlobTicket }[];
      readonly skipped?: readonly string[];
    };

export interface JobKinds {
  /** Digest and size first, then detection. `skipped` names links, sockets and devices in a folder: they are not read. */
  'audit.intake': {
    input: { readonly source: SourceSpec };
    output: {
      readonly name: string;
      readonly kind: 'file' | 'folder';
      readonly bytes: number;
      readonly sha256: string;
      readonly entries: readonly SourceEntry[];
      readonly detections: readonly Detection[];
      readonly skipped?: readonly string[];
    };
  };
  'audit.verify': {
    input: {
      readonly source: SourceSpec;
      readonly format: string | null;
      readonly trustedHeads: readonly string[];
      readonly keys: readonly { readonly name: string; readonly bytes: Uint8Array }[];
      /** Evidence from outside: checkpoints, timestamp tokens, proofs, earlier reports. Absent = none. */
      readonly anchors?: readonly { readonly name: string; readonly bytes: Uint8Array }[];
      /** Files that a proof is about. Absent = none. */
      readonly data?: readonly SourceSpec[];
      /** A recipe for hash chains, as JSON text. Absent = inferred. */
      readonly recipe?: string;
      readonly expectedSha256: string | null;
    };
    output: Verified;
  };
  'evidence.build': { input: BuildInput; output: BuildOutput };
  'evidence.verify': {
    input: { readonly pack: string; readonly rootPem: Uint8Array | null };
    output: PackVerification;
  };
}
export type JobKindName = keyof JobKinds;

export interface JobRun {
  readonly signal: AbortSignal;
  progress(p: Progress): void;
}

export type JobFunctions = {
  readonly [K in JobKindName]: (input: JobKinds[K]['input'], run: JobRun) => Promise<JobKinds[K]['output']>;
};

/** Runs one job in a host process or thread; rejects with AppError. */
export interface JobHost {
  run<K extends JobKindName>(
    kind: K,
    input: JobKinds[K]['input'],
    run: JobRun,
  ): Promise<JobKinds[K]['output']>;
}
