// The reader thread: answers questions and walks the journal on connections that can't write.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { JournalCheck } from '../journal/check.ts';
import type { CheckResult } from '../journal/check.ts';
import { entryView } from '../journal/entry.ts';
import { readHeadFile } from '../journal/head-file.ts';
import { readHead } from '../journal/head.ts';
import { isVouched } from './commit.ts';
import { openConnection } from './connection.ts';
import { zero } from './derived-keys.ts';
import { findBlob } from './repositories/blobs-repository.ts';
import { listJobs } from './repositories/jobs-repository.ts';
import {
  countEntries,
  entriesAfter,
  lastEntry,
  linesAfter,
  lineAt,
  pageEntries,
} from './repositories/journal-repository.ts';
import { getMeta } from './repositories/meta-repository.ts';
import { findRecord, listRecords, recordsAfter } from './repositories/records-repository.ts';
import type { RecordRow } from './repositories/records-repository.ts';
import { storeError } from './store-errors.ts';
import type { ReaderApi, ReaderOpenRequest, StoreHostData, WireRecord } from './store-protocol.ts';
import type { Db } from './sqlite.ts';

/** Rows per slice of a walk: a few milliseconds, so that a question in between waits no longer than that. */
const SLICE = 200;
/** Lines per answer of an export. */
const EXPORT_LINES = 500;

const closed = (): AppError => new AppError('workspace.none');

interface Session {
  readonly request: ReaderOpenRequest;
  readonly questions: Db;
}

interface Export {
  readonly db: Db;
  after: number;
}

/** The functions of the reader thread; one workspace per thread. */
export const makeReader = (host: StoreHostData): ReaderApi => {
  let session: Session | null = null;
  const walks = new Set<Db>();
  const exports = new Map<number, Export>();
  let exportCount = 0;

  const current = (): Session => {
    if (session === null) throw closed();
    return session;
  };

  const connect = ({ path, databaseKey, databaseSalt }: ReaderOpenRequest): Db => {
    const key = { database: databaseKey, databaseSalt };
    return openConnection({ path, key, addon: host.addon, readonly: true });
  };

  /** A connection of its own that sees the database as it is now, until it is closed. */
  const snapshot = (): Db => {
    const db = connect(current().request);
    db.exec('BEGIN');
    // SQLite takes the snapshot at the first read.
    lastEntry(db);
    walks.add(db);
    return db;
  };

  const end = (db: Db): void => {
    walks.delete(db);
    db.close();
  };

  const vouched = (row: RecordRow, line: string | null): WireRecord => {
    if (!isVouched(row, line)) throw new AppError('record.altered', { kind: row.kind, id: row.id });
    const { kind, id, caseId, createdAt, updatedAt, body } = row;
    return { kind, id, caseId, createdAt, updatedAt, body };
  };

  const walk = async (db: Db, check: JournalCheck): Promise<CheckResult> => {
    let entries = entriesAfter(db, 0, SLICE);
    while (entries.length > 0) {
      for (const row of entries) check.entry(row);
      await nextTurn();
      if (session === null) throw closed();
      entries = entriesAfter(db, entries.at(-1)?.seq ?? 0, SLICE);
    }
    let records = recordsAfter(db, { kind: '', id: '' }, SLICE);
    while (records.length > 0) {
      for (const row of records) check.record(row);
      await nextTurn();
      if (session === null) throw closed();
      records = recordsAfter(db, records.at(-1) ?? { kind: '', id: '' }, SLICE);
    }
    const { sealKey, workspace } = current().request;
    return check.finish(readHead(sealKey, workspace, getMeta(db, 'head')));
  };

  return {
    open: (request) => {
      session = { request, questions: connect(request) };
    },

    record: (kind, id) => {
      const { questions } = current();
      const row = findRecord(questions, kind, id);
      return row === null ? null : vouched(row, lineAt(questions, row.seq));
    },

    records: (filter) => {
      const { questions } = current();
      const lines = new Map<number, string | null>();
      return listRecords(questions, filter).map((row) => {
        const line = lines.get(row.seq) ?? lineAt(questions, row.seq);
        lines.set(row.seq, line);
        return vouched(row, line);
      });
    },

    blob: (id) => findBlob(current().questions, id),
    jobs: (limit) => listJobs(current().questions, limit),
    head: () => lastEntry(current().questions),

    page: ({ before, limit, result, text }) => {
      const { questions } = current();
      const filter = {
        result,
        text: text === null || text === '' ? null : text.toWellFormed().toLowerCase(),
      };
      return {
        total: countEntries(questions, filter),
        entries: pageEntries(questions, filter, before ?? Number.MAX_SAFE_INTEGER, limit).map(entryView),
      };
    },

    check: async () => {
      const { sealKey, workspace, folder } = current().request;
      // Read before the snapshot: a commit writes the side file after the database.
      const file = readHeadFile(folder, sealKey, workspace);
      const db = snapshot();
      try {
        return await walk(db, new JournalCheck(file));
      } catch (error) {
        const outcome = storeError(error);
        if (!isAppError(outcome) || outcome.code !== 'workspace.damaged') throw error;
        // A page that can't be read in the middle of the walk is a finding, not a failure of the check.
        const message = 'A part of vault.db can not be read: it was damaged or changed outside Probity.';
        return { ...headOf(db), intact: false, problems: [{ seq: null, record: null, message }] };
      } finally {
        if (walks.has(db)) end(db);
      }
    },

    startExport: () => {
      exportCount += 1;
      exports.set(exportCount, { db: snapshot(), after: 0 });
      return exportCount;
    },

    exportLines: (number) => {
      current();
      const running = exports.get(number);
      if (running === undefined) return [];
      const rows = linesAfter(running.db, running.after, EXPORT_LINES);
      running.after = rows.at(-1)?.seq ?? running.after;
      return rows.map(({ line }) => line);
    },

    endExport: (number) => {
      const running = exports.get(number);
      exports.delete(number);
      if (running !== undefined && walks.has(running.db)) end(running.db);
    },

    close: async () => {
      if (session === null) return;
      const { request, questions } = session;
      session = null;
      // A walk notices at its next slice.
      await nextTurn();
      for (const db of walks) end(db);
      questions.close();
      zero(request.databaseKey, request.databaseSalt, request.sealKey);
    },
  };
};

const headOf = (db: Db): { entries: number; head: string | null } => {
  try {
    const { seq, chainHash } = lastEntry(db);
    return { entries: seq, head: chainHash };
  } catch {
    return { entries: 0, head: null };
  }
};
