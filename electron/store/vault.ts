// The vault as the rest of the main process sees it: records, journal, blobs, jobs and secrets of one open workspace.
import type { Job } from '../../shared/model/job.ts';
import type { JournalEntry, JournalStatus } from '../../shared/model/journal.ts';

/** A record: one thing imported, found or made. `body` is JSON; its reader validates it with the model's schema. */
export interface StoredRecord {
  readonly kind: RecordKind;
  readonly id: string;
  readonly caseId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly body: unknown;
}

export type RecordKind =
  | 'case'
  | 'import'
  | 'verification'
  | 'report'
  | 'pack'
  | 'identity'
  | 'settings'
  | 'recipe'
  | 'reading-index'
  | 'reading-view'
  | 'bookmark';

export interface Put {
  readonly kind: RecordKind;
  readonly id: string;
  readonly caseId: string | null;
  readonly body: unknown;
}

/** What becomes a journal entry; the journal adds id, time, hashes and the digests of the records it covers. */
export interface EntryDraft {
  readonly eventType: string;
  readonly principal: string;
  readonly resource: string | null;
  readonly action: string;
  readonly result: 'success' | 'denied' | 'failure';
  /** Flat, without personal data: codes, counts, digests, ids. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** One unit of work: all of it is written in one transaction with its journal entry, or nothing is. */
export interface Change {
  readonly puts?: readonly Put[];
  readonly removes?: readonly { readonly kind: RecordKind; readonly id: string }[];
  readonly entry: EntryDraft;
}

export interface Records {
  /** Null when absent. Throws AppError('record.altered') when the row doesn't match its journalled digest. */
  get(kind: RecordKind, id: string): Promise<StoredRecord | null>;
  /** Newest first. */
  list(
    kind: RecordKind,
    filter?: { readonly caseId?: string; readonly limit?: number },
  ): Promise<readonly StoredRecord[]>;
}

export interface JournalReader {
  status(): Promise<JournalStatus>;
  /** Walks every entry and every record again. */
  verify(): Promise<JournalStatus>;
  page(query: {
    before?: number | undefined;
    limit: number;
    result?: string | undefined;
    text?: string | undefined;
  }): Promise<{ total: number; entries: readonly JournalEntry[] }>;
  /** Guardian-format JSON lines, oldest first. */
  exportLines(): AsyncIterable<string>;
}

export interface BlobInfo {
  readonly id: string;
  /** Plain size in bytes and SHA-256 of the plain bytes. */
  readonly bytes: number;
  readonly sha256: string;
}

/** What a job host needs to read one blob without the vault: the path and the blob's own 256-bit key (hex). */
export interface BlobTicket {
  readonly path: string;
  readonly keyHex: string;
  readonly bytes: number;
}

/** Where another process writes a blob, and the key it writes it under. */
export interface BlobTarget {
  readonly path: string;
  readonly keyHex: string;
}

/** A blob that is being written elsewhere: it exists once it is kept. */
export interface BlobReservation {
  readonly target: BlobTarget;
  /** Takes the size and digest of the plain bytes, as the writer counted them. */
  keep(written: { readonly bytes: number; readonly sha256: string }): Promise<BlobInfo>;
  /** Removes whatever was written; harmless after `keep`. */
  drop(): Promise<void>;
}

export interface Blobs {
  /** For a blob that a job host writes, with `writeBlobFile`. */
  reserve(): BlobReservation;
  put(content: AsyncIterable<Uint8Array>): Promise<BlobInfo>;
  open(id: string): AsyncIterable<Uint8Array>;
  ticket(id: string): Promise<BlobTicket>;
  remove(id: string): Promise<void>;
}

export interface JobRows {
  save(job: Job): Promise<void>;
  list(limit: number): Promise<readonly Job[]>;
}

/** Field encryption (AES-256-GCM, @noble/ciphers) under the vault's field key; `context` is the AAD. */
export interface Secrets {
  seal(plain: Uint8Array, context: string): string;
  /** Throws AppError('record.altered') when the ciphertext or the context was changed. */
  open(sealed: string, context: string): Uint8Array;
}

export interface Vault {
  readonly name: string;
  readonly readOnly: boolean;
  readonly records: Records;
  readonly journal: JournalReader;
  readonly blobs: Blobs;
  readonly jobs: JobRows;
  readonly secrets: Secrets;
  commit(change: Change): Promise<{ readonly seq: number; readonly chainHash: string }>;
  /** Zeroes the keys, checkpoints the WAL and closes every thread. */
  close(): Promise<void>;
}

/** Thread-free facts about a workspace folder that need no key. */
export interface WorkspaceFolder {
  readonly path: string;
  readonly name: string;
}
