// What each kind of job takes and gives across the process border: plain, structured-cloneable data.
import type { Detection, SourceEntry } from '../../shared/model/audit.ts';
import type { PackVerification } from '../../shared/model/evidence.ts';
import type { Progress } from '../../shared/model/job.ts';
import type { CommitRequest, LogCommitment } from '../modules/audit/engine/commitments/commit-log.ts';
import type { Verified } from '../modules/audit/engine/format.ts';
import type { Range, Segment } from '../modules/audit/engine/segments/segment.ts';
import type { Resumed } from '../modules/audit/engine/segments/verify-from.ts';
import type { BlobTarget, BlobTicket } from '../store/vault.ts';
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
  /** One byte range of a log that is verified in parts. */
  'audit.segment': {
    input: { readonly source: SourceSpec; readonly range: Range };
    output: Segment;
  };
  /** A verification that keeps a checkpoint in a file and goes on from it. */
  'audit.resume': {
    input: {
      readonly source: SourceSpec;
      readonly trustedHeads: readonly string[];
      /** Path of the checkpoint; made when it isn't there. */
      readonly checkpoint: string;
      /** PEM files: the key that signs, absent = one for this run; keys of which one must have signed, absent = any. */
      readonly signKey?: { readonly name: string; readonly bytes: Uint8Array };
      readonly trustKeys: readonly { readonly name: string; readonly bytes: Uint8Array }[];
      /** Digests all known bytes again. */
      readonly rehash: boolean;
    };
    output: Resumed;
  };
  /** Reads a log once; writes its index, and the plain text of a compressed or many-file log, as encrypted files. */
  'audit.index': {
    input: {
      readonly source: SourceSpec;
      readonly format: string | null;
      readonly expectedSha256: string | null;
      readonly index: BlobTarget;
      readonly text: BlobTarget;
    };
    output: {
      readonly index: { readonly bytes: number; readonly sha256: string };
      readonly text: { readonly bytes: number; readonly sha256: string } | null;
      readonly rows: number;
    };
  };
  /** Full-text search over the records. `bits` holds one bit a row, the lowest first. */
  'audit.search': {
    input: {
      readonly source: SourceSpec;
      readonly index: BlobTicket;
      readonly text: BlobTicket | null;
      readonly find: string;
    };
    output: { readonly bits: Uint8Array; readonly rows: number };
  };
  /** Salted commitments to every record of a log, and openings with proofs for the wanted ones. */
  'audit.commit': {
    input: CommitRequest & { readonly source: SourceSpec };
    output: LogCommitment;
  };
  'evidence.build': { input: BuildInput; output: BuildOutput };
  'evidence.verify': {
    input: {
      readonly pack: string;
      readonly rootPem: Uint8Array | null;
      /** Roots of time-stamping authorities. Absent = none. */
      readonly timestampTrust?: readonly { readonly name: string; readonly bytes: Uint8Array }[];
    };
    output: PackVerification;
  };
}
export type JobKindName = keyof JobKinds;

export interface JobRun {
  readonly signal: AbortSignal;
  progress(p: Progress): void;
  /** Runs parts of the job in threads of its own process. Absent = it has to do all itself. */
  readonly helpers?: JobHost;
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
