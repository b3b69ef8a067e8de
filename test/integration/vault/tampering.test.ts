// The insider with the key: every change behind Probity's back is found at the next opening, and stays found.
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalStatus } from '../../../shared/model/journal.ts';
import { makeEntry } from '../../../electron/journal/entry.ts';
import { sealHead } from '../../../electron/journal/head.ts';
import { recordDigest } from '../../../electron/journal/record-digest.ts';
import type { VaultKeys } from '../../../electron/store/derived-keys.ts';
import { appendEntry, lastEntry } from '../../../electron/store/repositories/journal-repository.ts';
import { getMeta, setMeta } from '../../../electron/store/repositories/meta-repository.ts';
import { findRecord } from '../../../electron/store/repositories/records-repository.ts';
import type { Db } from '../../../electron/store/sqlite.ts';
import type { Vault } from '../../../electron/store/vault.ts';
import { insertEntries } from './insider-tools.ts';
import { asInsider, copyFolder, entryOf, keysOf, makeSample, open, scratch } from './support.ts';

const altered = expect.objectContaining({ code: 'record.altered' });

describe('an insider with the key', () => {
  const temporary = scratch();
  const sample = join(temporary.path, 'sample.probity');
  let keys: VaultKeys;
  let made = 0;
  const copy = (): string => {
    made += 1;
    return copyFolder(sample, join(temporary.path, `t${made}.probity`));
  };

  beforeAll(async () => {
    await makeSample(sample);
    keys = await keysOf(sample);
  });
  afterAll(temporary.remove);

  /** Opens the folder as anyone would and waits for the check at opening, without asking for one. */
  const atOpening = async (
    folder: string,
    look?: (vault: Vault) => Promise<void>,
  ): Promise<JournalStatus> => {
    const vault = await open(folder);
    try {
      let status = await vault.journal.status();
      while (status.intact === null) status = await vault.journal.status();
      await look?.(vault);
      return status;
    } finally {
      await vault.close();
    }
  };
  const tampered = async (
    edit: (db: Db) => unknown,
    look?: (vault: Vault) => Promise<void>,
  ): Promise<string[]> => {
    const folder = copy();
    asInsider(folder, keys, edit);
    const status = await atOpening(folder, look);
    expect(status.intact).toBe(false);
    return status.problems.map(({ message }) => message);
  };

  it('who does nothing leaves a journal that is found intact', async () => {
    const folder = copy();
    asInsider(folder, keys, (db) => db.exec('SELECT 1'));
    expect(await atOpening(folder)).toMatchObject({ entries: 4, intact: true, problems: [] });
  });

  it('who edits an entry is found', async () => {
    const messages = await tampered((db) =>
      db.exec(`UPDATE journal SET line = replace(line, '"owner"', '"other"') WHERE seq = 2`),
    );
    expect(messages).toEqual(['Entry 2 was changed: its content does not match its hash.']);
  });

  it('who edits only what a search sees of an entry is found', async () => {
    expect(await tampered((db) => db.exec("UPDATE journal SET result = 'denied' WHERE seq = 3"))).toEqual([
      'Entry 3 was changed: its columns do not match its line.',
    ]);
  });

  it('who makes an entry unreadable is found, and it can still be looked at', async () => {
    const messages = await tampered(
      (db) => db.exec("UPDATE journal SET line = 'gone' WHERE seq = 2"),
      async (vault) => {
        const { entries } = await vault.journal.page({ limit: 10 });
        expect(entries.map(({ seq, action }) => [seq, action])).toContainEqual([2, '(unreadable)']);
        // c2 is vouched for by entry 3, c1 by entry 1.
        expect(await vault.records.list('case')).toHaveLength(2);
      },
    );
    expect(messages).toContain('Entry 2 was changed: it can not be read as an entry.');
  });

  it('who edits a record is found, and the record is not handed out', async () => {
    const messages = await tampered(
      (db) => db.exec(`UPDATE records SET body = '{"name":"One"}' WHERE id = 'c1'`),
      async (vault) => {
        await expect(vault.records.get('case', 'c1')).rejects.toThrow(altered);
        await expect(vault.records.list('case')).rejects.toThrow(altered);
        expect(await vault.records.get('case', 'c2')).toMatchObject({ id: 'c2' });
      },
    );
    expect(messages).toEqual(['A case was changed outside Probity: it is not what entry 1 vouches for.']);
  });

  it('who edits a record together with its digest is found', async () => {
    const messages = await tampered(
      (db) => {
        const row = findRecord(db, 'case', 'c1');
        if (row === null) throw new Error('c1 is there');
        const body = '{"name":"One"}';
        db.prepare("UPDATE records SET body = ?, digest = ? WHERE id = 'c1'").run(
          body,
          recordDigest({ ...row, body }),
        );
      },
      async (vault) => {
        await expect(vault.records.get('case', 'c1')).rejects.toThrow(altered);
      },
    );
    expect(messages).toEqual(['A case was changed outside Probity: it is not what entry 1 vouches for.']);
  });

  it('who moves a record to another case or time is found', async () => {
    for (const change of ["case_id = 'c2'", "created_at = '2020-01-01T00:00:00.000Z'", "updated_at = ''"]) {
      expect(
        await tampered((db) => db.exec(`UPDATE records SET ${change} WHERE id = 'c1'`)),
        change,
      ).toHaveLength(1);
    }
  });

  it('who deletes a record is found', async () => {
    expect(await tampered((db) => db.exec("DELETE FROM records WHERE id = 'c1'"))).toEqual([
      'A case is missing: entry 1 vouches for it.',
    ]);
  });

  it('who inserts a record is found', async () => {
    const insert = `INSERT INTO records SELECT kind, 'c7', case_id, created_at, updated_at, body, digest, journal_seq FROM records WHERE id = 'c1'`;
    const messages = await tampered(
      (db) => db.exec(insert),
      async (vault) => {
        await expect(vault.records.get('case', 'c7')).rejects.toThrow(altered);
      },
    );
    expect(messages).toEqual(['A case was added outside Probity: no entry of the journal names it.']);
  });

  it('who deletes an entry is found', async () => {
    const messages = await tampered((db) => db.exec('DELETE FROM journal WHERE seq = 2'));
    expect(messages).toContain('Entry 2 is missing: the numbers go from 1 to 3.');
    expect(messages).toContain('Entry 3 does not follow the entry before it: the chain is broken here.');
  });

  it('who adds an entry with a right chain is found', async () => {
    const messages = await tampered((db) => {
      const last = lastEntry(db);
      const place = {
        seq: 5,
        eventId: 'forged',
        timestamp: '2026-11-21T10:00:00.000Z',
        agent: 'Probity 0.1.0',
        previousHash: last.chainHash,
        records: [],
      };
      appendEntry(db, makeEntry(entryOf('forged'), place));
    });
    expect(messages).toEqual([
      expect.stringContaining('vault.db ends with entry 5 and was sealed with entry 4.'),
    ]);
  });

  it('who cuts off the tail of the journal is found', async () => {
    const messages = await tampered((db) => db.exec('DELETE FROM journal WHERE seq > 2'));
    expect(messages[0]).toContain('vault.db ends with entry 2 and was sealed with entry 4.');
    expect(messages.length).toBeGreaterThan(1);
  });

  it('who cuts off the tail and seals it anew, with the seal key too, is found by the file beside', async () => {
    const messages = await tampered((db) => {
      db.exec("DELETE FROM journal WHERE seq > 3; DELETE FROM records WHERE id = 'c3'");
      const workspace = getMeta(db, 'workspace') ?? '';
      setMeta(db, 'head', sealHead(keys.seal, workspace, lastEntry(db)));
    });
    expect(messages).toContainEqual(
      expect.stringContaining('vault.db ends with entry 3 and journal-head.json knows entry 4.'),
    );
  });

  it('who writes the seal without its key is found', async () => {
    const messages = await tampered((db) =>
      setMeta(db, 'head', sealHead(Buffer.alloc(32), getMeta(db, 'workspace') ?? '', lastEntry(db))),
    );
    expect(messages).toEqual([expect.stringContaining('the seal in vault.db is forged.')]);
  });

  it('who puts an older vault.db back is found, at every later opening too, and after new entries', async () => {
    const folder = copy();
    const vault = await open(folder);
    await vault.commit({ entry: entryOf('fifth') });
    await vault.commit({ entry: entryOf('sixth') });
    await vault.close();
    copyFileSync(join(sample, 'vault.db'), join(folder, 'vault.db'));
    const expected = expect.stringContaining(
      'vault.db ends with entry 4 and journal-head.json knows entry 6.',
    );
    const first = await atOpening(folder, async (opened) => {
      const { entries } = await opened.journal.page({ limit: 1 });
      expect(entries[0]).toMatchObject({
        seq: 5,
        action: 'journal.head_mismatch',
        result: 'failure',
        principal: 'probity',
      });
      expect(JSON.parse(entries[0]?.detail ?? '')).toMatchObject({ journal_seq: 4, file_seq: 6 });
      await opened.commit({ entry: entryOf('business as usual') });
    });
    expect(first.problems.map(({ message }) => message)).toEqual([expected]);
    const second = await atOpening(folder);
    expect(second.intact).toBe(false);
    expect(second.problems.map(({ message }) => message)).toEqual([expected]);
  });

  it('who removes or forges the head file is found', async () => {
    for (const change of [
      (path: string) => rmSync(path),
      (path: string) => writeFileSync(path, '{}'),
      (path: string) => writeFileSync(path, 'x'.repeat(10_000)),
    ]) {
      const folder = copy();
      change(join(folder, 'journal-head.json'));
      const status = await atOpening(folder);
      expect(status.problems.map(({ message }) => message)).toEqual([
        expect.stringMatching(/journal-head\.json is (?:absent|unreadable)/u),
      ]);
    }
  });

  it('who edits a record that is then overwritten or removed is still on record', async () => {
    const folder = copy();
    asInsider(folder, keys, (db) => db.exec(`UPDATE records SET body = '{}'`));
    const vault = await open(folder);
    await vault.commit({
      puts: [{ kind: 'case', id: 'c1', caseId: null, body: { name: 'new' } }],
      removes: [{ kind: 'case', id: 'c2' }],
      entry: entryOf('over it'),
    });
    const { problems } = await vault.journal.verify();
    expect(problems).toEqual([
      {
        seq: 5,
        record: 'c1',
        message: 'Entry 5 replaced or removed a case that had been changed outside Probity.',
      },
      {
        seq: 5,
        record: 'c2',
        message: 'Entry 5 replaced or removed a case that had been changed outside Probity.',
      },
    ]);
    await vault.close();
  });

  it('can not be mistaken for a crash that left the head file one commit behind', async () => {
    const folder = copy();
    const behind = copyFolder(join(folder, 'journal-head.json'), join(temporary.path, 'head-at-4.json'));
    const vault = await open(folder);
    await vault.commit({ entry: entryOf('fifth') });
    await vault.close();
    copyFileSync(behind, join(folder, 'journal-head.json'));
    const status = await atOpening(folder, async (opened) => {
      const { entries } = await opened.journal.page({ limit: 1 });
      expect(entries[0]).toMatchObject({ seq: 6, action: 'journal.head_recovered', result: 'success' });
    });
    expect(status).toMatchObject({ entries: 6, intact: true, problems: [] });
  });

  it('does not hold up the opening: the state is open until the walk over many entries has ended', async () => {
    const folder = copy();
    asInsider(folder, keys, (db) => insertEntries(db, keys.seal, 8000));
    // The side file is one of the old journal now, so the journal is found longer than it should be: that is the insider.
    const vault = await open(folder);
    const early = await vault.journal.status();
    expect(early).toMatchObject({ entries: 8005, intact: null, checkedAt: null, problems: [] });
    await vault.commit({ entry: entryOf('meanwhile') });
    expect((await vault.records.list('case')).length).toBe(2);
    const late = await vault.journal.verify();
    expect(late).toMatchObject({ entries: 8006, intact: false });
    expect(late.problems).toHaveLength(1);
    await vault.close();
  });
});
