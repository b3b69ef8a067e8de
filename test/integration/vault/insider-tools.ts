// What an insider needs to write a journal by hand.
import { makeEntry } from '../../../electron/journal/entry.ts';
import { sealHead } from '../../../electron/journal/head.ts';
import { appendEntry, lastEntry } from '../../../electron/store/repositories/journal-repository.ts';
import { getMeta, setMeta } from '../../../electron/store/repositories/meta-repository.ts';
import type { Db } from '../../../electron/store/sqlite.ts';
import { entryOf } from './support.ts';

/** Appends entries with a right chain and seals them. */
export const insertEntries = (db: Db, sealKey: Uint8Array, count: number): void => {
  db.transaction(() => {
    let last = lastEntry(db);
    for (let added = 0; added < count; added += 1) {
      const seq = last.seq + 1;
      const timestamp = '2026-11-21T10:00:00.000Z';
      const row = makeEntry(entryOf('bulk'), {
        seq,
        eventId: `bulk-${seq}`,
        timestamp,
        agent: 'Probity 0.1.0',
        previousHash: last.chainHash,
        records: [],
      });
      appendEntry(db, row);
      last = { seq, chainHash: row.chainHash };
    }
    setMeta(db, 'head', sealHead(sealKey, getMeta(db, 'workspace') ?? '', last));
  }).immediate();
};
