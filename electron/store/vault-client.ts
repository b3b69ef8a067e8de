// One open workspace on the main thread: asks the store's threads, holds the two keys that it needs itself.
import * as v from 'valibot';
import { AppError } from '../../shared/errors/app-error.ts';
import { Job } from '../../shared/model/job.ts';
import type { Clock } from '../ports/clock.ts';
import { makeBlobStore } from './blob-store.ts';
import { canonicalJson } from './canonical-json.ts';
import { zero } from './derived-keys.ts';
import { makeSecrets } from './field-secrets.ts';
import { makeJournalReader } from './journal-reader.ts';
import type { Opened, ReaderApi, WireRecord, WriterApi } from './store-protocol.ts';
import type { Api, StorePort } from './store-port.ts';
import type { Put, RecordKind, Records, StoredRecord, Vault } from './vault.ts';

export interface VaultParts {
  readonly name: string;
  readonly folder: string;
  readonly readOnly: boolean;
  readonly opened: Opened;
  readonly writer: StorePort<WriterApi>;
  readonly reader: StorePort<ReaderApi>;
  readonly now: Clock['now'];
  /** Called last, whatever happens: ends what the opening had begun (threads, lock). */
  readonly release: () => Promise<void>;
}

const stored = (record: WireRecord): StoredRecord => ({
  ...record,
  // The column holds what `commit` wrote under this type.
  kind: record.kind as RecordKind,
  body: JSON.parse(record.body) as unknown,
});

// Text, so that the writer gets exactly what JSON holds of the body; it brings it into canonical form.
const wirePut = ({
  kind,
  id,
  caseId,
  body,
}: Put): { kind: string; id: string; caseId: string | null; body: string } => {
  const text: unknown = JSON.stringify(body);
  if (typeof text !== 'string') throw new TypeError(`the body of a ${kind} is not JSON`);
  return { kind, id, caseId, body: text };
};

const readJob = (body: string): Job => {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Job), body);
  if (!read.success) throw new AppError('record.altered', { kind: 'job' });
  return read.output;
};

/** Refuses calls once the vault is closed, or while it is closing. */
const guarded = <T extends Api<T>>(port: StorePort<T>, isOpen: () => boolean): StorePort<T> => ({
  call: (name, ...args) =>
    isOpen() ? port.call(name, ...args) : Promise.reject(new AppError('workspace.none')),
  terminate: () => port.terminate(),
});

const makeRecords = (reader: StorePort<ReaderApi>): Records => ({
  get: async (kind, id) => {
    const record = await reader.call('record', kind, id);
    return record === null ? null : stored(record);
  },
  list: async (kind, filter = {}) => {
    const records = await reader.call('records', {
      kind,
      caseId: filter.caseId ?? null,
      limit: filter.limit ?? -1,
    });
    return records.map(stored);
  },
});

/** The vault over its opened threads. `close` may be called more than once. */
export const makeVault = (parts: VaultParts): Vault => {
  const { name, folder, readOnly, opened, now } = parts;
  const { fieldKey, blobKey } = opened;
  let closing: Promise<void> | null = null;
  const isOpen = (): boolean => closing === null;
  const writer = guarded(parts.writer, isOpen);
  const reader = guarded(parts.reader, isOpen);
  const secrets = makeSecrets(fieldKey);

  const checkWritable = (): void => {
    if (readOnly) throw new AppError('workspace.read_only');
  };
  const checkOpen = (): void => {
    if (!isOpen()) throw new AppError('workspace.none');
  };

  const close = async (): Promise<void> => {
    try {
      // The reader first: the writer brings the database to rest, which needs it alone.
      await parts.reader.call('close');
    } finally {
      try {
        await parts.writer.call('close');
      } finally {
        zero(fieldKey, blobKey);
        await parts.release();
      }
    }
  };

  return {
    name,
    readOnly,
    records: makeRecords(reader),
    journal: makeJournalReader(reader, now),
    blobs: makeBlobStore({ folder, blobKey, writer, reader, now, readOnly }),
    jobs: {
      save: async (job) => {
        checkWritable();
        await writer.call('saveJob', {
          id: job.id,
          createdAt: job.createdAt,
          state: job.state,
          body: canonicalJson(job),
        });
      },
      list: async (limit) => (await reader.call('jobs', limit)).map(readJob),
    },
    secrets: {
      // A zeroed key would still encrypt.
      seal: (plain, context) => {
        checkOpen();
        return secrets.seal(plain, context);
      },
      open: (sealed, context) => {
        checkOpen();
        return secrets.open(sealed, context);
      },
    },
    commit: async ({ puts = [], removes = [], entry }) => {
      checkWritable();
      return writer.call('commit', { puts: puts.map(wirePut), removes, entry, at: now() });
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};
