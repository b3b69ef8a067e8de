// Damaged and hostile files: an outcome each time, never a crash, never a byte written.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../../shared/errors/app-error.ts';
import type { VaultKeys } from '../../../electron/store/derived-keys.ts';
import { inspectDatabase } from '../../../electron/store/inspect-database.ts';
import { loadMigrations } from '../../../electron/store/migrations.ts';
import type { Migration } from '../../../electron/store/migrations.ts';
import { makeReader } from '../../../electron/store/reader.ts';
import { insertEntries } from './insider-tools.ts';
import {
  asInsider,
  copyFolder,
  fingerprint,
  keysOf,
  makeSample,
  open,
  RESOURCES,
  scratch,
} from './support.ts';

const HOST = { role: 'reader', entry: '', addon: null } as const;

describe('a hostile file', () => {
  const temporary = scratch();
  const sample = join(temporary.path, 'sample.probity');
  let keys: VaultKeys;
  let migrations: readonly Migration[];
  let whole: Buffer;

  beforeAll(async () => {
    await makeSample(sample);
    keys = await keysOf(sample);
    migrations = await loadMigrations(RESOURCES);
    // Enough pages that the 200 places fall into tables, indices and their inner pages.
    asInsider(sample, keys, (db) => insertEntries(db, keys.seal, 300));
    whole = readFileSync(join(sample, 'vault.db'));
  });
  afterAll(temporary.remove);

  /** What reading the whole vault gives: everything in it, or the code of the refusal. */
  const readAll = async (folder: string): Promise<unknown> => {
    const reader = makeReader(HOST);
    try {
      inspectDatabase({ folder, key: keys, addon: null, migrations });
      const path = join(folder, 'vault.db');
      const workspace = (
        JSON.parse(readFileSync(join(folder, 'keyslots.json'), 'utf8')) as { workspace: string }
      ).workspace;
      reader.open({
        folder,
        path,
        workspace,
        databaseKey: keys.database,
        databaseSalt: keys.databaseSalt,
        sealKey: Uint8Array.from(keys.seal),
      });
      return {
        check: await reader.check(),
        records: reader.records({ kind: 'case', caseId: null, limit: -1 }),
        page: reader.page({ before: null, limit: 1000, result: null, text: null }),
      };
    } catch (error) {
      if (!isAppError(error)) throw error;
      return error.code;
    }
  };

  it('vault.db with a bit changed at any of 200 places is refused, or the place means nothing and all reads as before', async () => {
    const folder = copyFolder(sample, join(temporary.path, 'flipped.probity'));
    const intact = await readAll(sample);
    expect(intact).toMatchObject({ check: { entries: 304 } });
    const path = join(folder, 'vault.db');
    const outcomes = new Map<string, number>();
    const places = fc.sample(fc.tuple(fc.nat(whole.length - 1), fc.nat(7)), { numRuns: 176, seed: 20261121 });
    // The first 24 bytes are those that the cipher leaves unauthenticated.
    for (let at = 0; at < 24; at += 1) places.push([at, at % 8]);
    for (const [at, bit] of places) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      writeFileSync(path, bytes);
      const before = fingerprint(folder);
      const outcome = await readAll(folder);
      expect(fingerprint(folder), `byte ${at} bit ${bit}`).toEqual(before);
      if (outcome !== 'workspace.damaged') expect(outcome, `byte ${at} bit ${bit}`).toEqual(intact);
      const name = outcome === 'workspace.damaged' ? 'refused' : 'meaningless';
      outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
    }
    expect(places).toHaveLength(200);
    // Only free pages mean nothing, and this database has none.
    expect(Object.fromEntries(outcomes)).toEqual({ refused: 200 });
  });

  it('vault.db with pages swapped, zeroed or repeated is refused', async () => {
    const folder = copyFolder(sample, join(temporary.path, 'swapped.probity'));
    const path = join(folder, 'vault.db');
    const page = (bytes: Buffer, number: number): Buffer =>
      bytes.subarray(number * 4096, (number + 1) * 4096);
    const changes: ((bytes: Buffer) => Buffer)[] = [
      (bytes) => (page(whole, 7).copy(page(bytes, 6)), bytes),
      (bytes) => (page(bytes, 5).fill(0), bytes),
      (bytes) => Buffer.concat([bytes, page(bytes, 3)]).fill(0, 8192, 12_288),
      (bytes) => bytes.subarray(0, bytes.length - 4096),
    ];
    for (const change of changes) {
      writeFileSync(path, change(Buffer.from(whole)));
      const before = fingerprint(folder);
      expect(await readAll(folder)).toBe('workspace.damaged');
      expect(fingerprint(folder)).toEqual(before);
    }
  });

  it('vault.db or a log beside it that is garbage is refused at a real opening, and nothing is written', async () => {
    const changes: ((folder: string) => void)[] = [
      (folder) => writeFileSync(join(folder, 'vault.db'), ''),
      (folder) => writeFileSync(join(folder, 'vault.db'), 'SQLite format 3\u0000'.padEnd(8192, 'x')),
      (folder) => {
        const bytes = Buffer.from(whole);
        bytes[5 * 4096 + 9] = (bytes[5 * 4096 + 9] ?? 0) ^ 1;
        writeFileSync(join(folder, 'vault.db'), bytes);
        writeFileSync(join(folder, 'vault.db-wal'), Buffer.alloc(5000, 7));
      },
    ];
    for (const [at, change] of changes.entries()) {
      const folder = copyFolder(sample, join(temporary.path, `garbage${at}.probity`));
      change(folder);
      const before = fingerprint(folder);
      await expect(open(folder)).rejects.toThrow(
        expect.objectContaining({ code: 'workspace.damaged', params: { part: 'vault.db' } }),
      );
      expect(fingerprint(folder)).toEqual(before);
    }
  });

  it('keyslots.json that asks for 100 GB or was weakened is refused before any key is derived', async () => {
    const folder = copyFolder(sample, join(temporary.path, 'greedy.probity'));
    const path = join(folder, 'keyslots.json');
    const text = readFileSync(path, 'utf8');
    for (const [memory, code] of [
      ['104857600', 'workspace.damaged'],
      ['1024', 'workspace.kdf_floor'],
    ] as const) {
      writeFileSync(path, text.replace('"memoryKiB": 65536', `"memoryKiB": ${memory}`));
      const before = fingerprint(folder);
      await expect(open(folder)).rejects.toThrow(expect.objectContaining({ code }));
      expect(fingerprint(folder)).toEqual(before);
    }
    writeFileSync(path, ' '.repeat(1_000_000));
    await expect(open(folder)).rejects.toThrow(expect.objectContaining({ code: 'workspace.damaged' }));
  });
});
