// What the pack builder takes and gives: all of it plain data, so that it can cross to a job host.
import type { SourceSpec } from '../../../jobs/job-kinds.ts';

/** A payload file that is already in memory (report, findings, index). */
export interface InlineFile {
  /** Below `data/`, only [A-Za-z0-9._-] and '/'. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A log that goes into the pack whole, as `data/evidence/<sha256>.<ext>` for each of its files. */
export interface LogToPack {
  readonly source: SourceSpec;
  readonly sha256: string;
  readonly originalName: string;
}

export interface BuildInput {
  /** UUID of the pack, becomes External-Identifier. */
  readonly externalIdentifier: string;
  /** The folder in the archive: `evidence-<folder>`. */
  readonly folder: string;
  /** RFC 3339 UTC; its date becomes Bagging-Date. */
  readonly createdAt: string;
  readonly organisation: string;
  readonly description: string;
  readonly auditLogHead: string | null;
  readonly inline: readonly InlineFile[];
  readonly logs: readonly LogToPack[];
  /** Sentences; non-empty makes the pack `Completeness: partial`. */
  readonly missing: readonly string[];
  /** `verify.py`, which goes into the pack as a tag file; absent = none. */
  readonly checker?: Uint8Array;
  readonly signer: {
    /** PKCS#8 DER of the signer's P-256 key. */
    readonly privateKey: Uint8Array;
    readonly certificatePem: string;
    readonly rootPem: string;
  };
  /** Absolute path; written to a temporary name beside it, fsynced, renamed. Must not exist. */
  readonly to: string;
}

export interface BuildOutput {
  readonly bytes: number;
  readonly sha256: string;
  readonly files: number;
}
