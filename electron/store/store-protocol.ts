// What the main thread asks of the store's two threads; everything here is cloned across.
import type { JournalEntry } from '../../shared/model/journal.ts';
import type { CheckResult } from '../journal/check.ts';
import type { WireChange } from './commit.ts';
import type { KdfParameters } from './kdf.ts';
import type { Migration } from './migrations.ts';
import type { BlobRow } from './repositories/blobs-repository.ts';
import type { JobRow } from './repositories/jobs-repository.ts';
import type { RecordFilter } from './repositories/records-repository.ts';

/** What a store host is started with. `entry` is its own file, for the thread that derives keys. */
export interface StoreHostData {
  readonly role: 'writer' | 'reader';
  readonly entry: string;
  readonly addon: string | null;
}

export interface OpenRequest {
  readonly folder: string;
  readonly readOnly: boolean;
  readonly migrations: readonly Migration[];
  readonly agent: string;
  readonly at: string;
}

/** What the main thread and the reader need of an opened vault. */
export interface Opened {
  readonly workspace: string;
  readonly fieldKey: Uint8Array;
  readonly blobKey: Uint8Array;
  readonly reader: ReaderOpenRequest;
}

export interface ReaderOpenRequest {
  readonly folder: string;
  /** vault.db itself, or the private copy that a read-only opening works on. */
  readonly path: string;
  readonly workspace: string;
  readonly databaseKey: Uint8Array;
  readonly databaseSalt: Uint8Array;
  readonly sealKey: Uint8Array;
}

export interface WriterApi {
  /** Makes the files of a new workspace in an existing empty folder and keeps its root key for `open`. */
  create(request: OpenRequest & { readonly passphrase: string; readonly kdf: KdfParameters }): Promise<void>;
  /** After `create`: opens what was created, wherever it has been moved to. */
  open(request: OpenRequest): Opened;
  unlock(request: OpenRequest & { readonly passphrase: string }): Promise<Opened>;
  addRecoverySlot(request: {
    readonly folder: string;
    readonly passphrase: string;
    readonly at: string;
  }): Promise<string>;
  commit(change: WireChange): { readonly seq: number; readonly chainHash: string };
  saveJob(row: JobRow): void;
  addBlob(row: BlobRow): void;
  /** False when there was none. */
  removeBlob(id: string): boolean;
  close(): void;
}

/** A record with its body as JSON text. */
export interface WireRecord {
  readonly kind: string;
  readonly id: string;
  readonly caseId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly body: string;
}

export interface PageRequest {
  readonly before: number | null;
  readonly limit: number;
  readonly result: string | null;
  readonly text: string | null;
}

export interface ReaderApi {
  open(request: ReaderOpenRequest): void;
  record(kind: string, id: string): WireRecord | null;
  records(filter: RecordFilter): readonly WireRecord[];
  blob(id: string): BlobRow | null;
  jobs(limit: number): readonly string[];
  head(): { readonly seq: number; readonly chainHash: string | null };
  page(request: PageRequest): { readonly total: number; readonly entries: readonly JournalEntry[] };
  /** Walks everything, in slices, so that other questions are answered meanwhile. */
  check(): Promise<CheckResult>;
  /** Starts an export: the journal as it stands now. Answers the export's number. */
  startExport(): number;
  /** The next lines; none at the end. */
  exportLines(number: number): readonly string[];
  endExport(number: number): void;
  close(): Promise<void>;
}
