// tlog-proof files and Go checksum databases: entries held against the trees that were signed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { goSumdb } from '../../../electron/modules/audit/engine/sumdb/go-sumdb.ts';
import { tlogProof } from '../../../electron/modules/audit/engine/tlog-proof/tlog-proof.ts';
import { ed25519Signer } from '../../fixtures/transparency/note-keys.ts';
import {
  checkpointOf,
  entriesOf,
  leafOf,
  naivePath,
  SUMDB,
  tileFiles,
} from '../../fixtures/transparency/tile-log.ts';
import type { Files } from '../../fixtures/transparency/tile-log.ts';
import { fileSource, folderSource, graveOf, reportOf } from '../../fixtures/transparency/source.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

const ORIGIN = 'example.com/log';
const log = ed25519Signer(ORIGIN);

const proofFile = (size: number, index: number, extra = ''): string => {
  const entries = entriesOf(size);
  const path = naivePath(index, entries.map(leafOf)).map((hash) => `${hash.toString('base64')}\n`);
  return `c2sp.org/tlog-proof@v1\n${extra}index ${index}\n${path.join('')}\n${checkpointOf(ORIGIN, entries, [log]).toString('utf8')}`;
};

const entry = (index: number) => fileSource('leaf.txt', `entry ${index}\n`);
const keys = { 'vkey.txt': log.vkey };

describe('a tlog-proof', () => {
  test('holds for its entry and for no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1))),
        async ([size, index]) => {
          const source = fileSource('a.tlog-proof', proofFile(size, index, 'extra AAEC\n'));
          const report = await reportOf(tlogProof, source, { keys, data: [entry(index)] });
          expect([report.verdict, report.anchored, report.findings]).toEqual(['INTACT', true, []]);
          const other = await reportOf(tlogProof, source, { keys, data: [entry(index + 1)] });
          expect(graveOf(other)).toEqual(['CHAIN_HASH_MISMATCH 0 a.tlog-proof']);
          const shifted = proofFile(size, index).replace(
            `index ${index}\n`,
            `index ${index === 0 ? size : index - 1}\n`,
          );
          const moved = await reportOf(tlogProof, fileSource('a.tlog-proof', shifted), {
            keys,
            data: [entry(index)],
          });
          expect(moved.verdict).toBe('TAMPERED');
        },
      ),
      { numRuns: 25 },
    );
  });

  test('says what is missing, and checks the rest', async () => {
    const source = fileSource('a.tlog-proof', proofFile(9, 4));
    const noLeaf = await reportOf(tlogProof, source, { keys });
    expect([noLeaf.verdict, graveOf(noLeaf)]).toEqual(['UNVERIFIABLE', ['KEY_MISSING 0 a.tlog-proof']]);
    const noKey = await reportOf(tlogProof, source, { data: [entry(4)] });
    expect([noKey.verdict, noKey.anchored]).toEqual(['UNVERIFIABLE', false]);
    expect(noKey.proves.join(' ')).toContain('leaf.txt is entry 4 of the 9');
    const short = proofFile(9, 4).replace(/index 4\n[^\n]+\n/u, 'index 4\n');
    const cut = await reportOf(tlogProof, fileSource('p', short), { keys });
    expect(graveOf(cut)).toContain('CHAIN_HASH_MISMATCH 0 p');
  });

  test('in a folder finds key and entry beside it', async () => {
    const files: Files = new Map([
      ['README.md', Buffer.from('words')],
      ['leaf.txt', Buffer.from('entry 4\n')],
      ['p.tlog-proof', Buffer.from(proofFile(9, 4))],
      ['vkey.txt', Buffer.from(log.vkey)],
    ]);
    const report = await reportOf(tlogProof, folderSource('proof', files));
    expect([report.verdict, report.records]).toEqual(['INTACT', 1]);
  });

  test('cut off or garbled anywhere is never intact and never a crash', async () => {
    const whole = Buffer.from(proofFile(5, 2));
    const from = 'c2sp.org/tlog-proof@v1\n'.length;
    for (let end = from; end < whole.length; end += 1) {
      const report = await reportOf(tlogProof, fileSource('p', whole.subarray(0, end)), {
        keys,
        data: [entry(2)],
      });
      expect([end, report.verdict]).not.toEqual([end, 'INTACT']);
      expect(report.findings.length).toBeGreaterThan(0);
    }
  });
});

describe('a checksum database', () => {
  const records = (count: number): Buffer[] =>
    Array.from({ length: count }, (_, i) =>
      Buffer.from(`example.com/m${i} v1.0.0 h1:AAAA=\nexample.com/m${i} v1.0.0/go.mod h1:BBBB=\n`),
    );
  const lookup = (all: readonly Buffer[], id: number): Buffer =>
    Buffer.concat([
      Buffer.from(`${id}\n`),
      all[id] ?? Buffer.alloc(0),
      Buffer.from('\n'),
      checkpointOf(ORIGIN, all, [log]),
    ]);

  test('whole or as a client’s cache proves its answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 700 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1))),
        async ([size, id]) => {
          const all = records(size);
          const files = tileFiles(all, SUMDB);
          files.set('latest', checkpointOf(ORIGIN, all, [log]));
          files.set('lookup/example.com@v1.0.0', lookup(all, id));
          const whole = await reportOf(goSumdb, folderSource('sumdb', files), { keys });
          expect([whole.verdict, whole.findings, whole.records]).toEqual(['INTACT', [], size + 1]);
          const cache = new Map([...files].filter(([path]) => !path.includes('/data/') && path !== 'latest'));
          const part = await reportOf(goSumdb, folderSource('sumdb', cache), { keys });
          expect([part.verdict, part.findings]).toEqual(['INTACT', []]);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('names an altered record, tile and data, and a missing tile', async () => {
    const all = records(600);
    const files = tileFiles(all, SUMDB);
    const name = 'lookup/example.com@v1.0.0';
    files.set(name, lookup(all, 300));
    const cache = new Map([...files].filter(([path]) => !path.includes('/data/')));
    const forged = Buffer.from(String(files.get(name)).replace('BBBB', 'BBBC'));
    const record = await reportOf(goSumdb, folderSource('s', new Map(cache).set(name, forged)), { keys });
    expect(graveOf(record)).toEqual([`EVENT_HASH_MISMATCH 0 ${name}`]);
    const tile = Buffer.from(cache.get('tile/8/0/000') ?? Buffer.alloc(0));
    tile.writeUInt8(tile.readUInt8(0) ^ 1, 0);
    const path = await reportOf(
      goSumdb,
      folderSource(
        's',
        new Map(cache).set('tile/8/1/000.p/2', Buffer.concat([tile.subarray(0, 32), tile.subarray(32, 64)])),
      ),
      { keys },
    );
    expect(path.verdict).toBe('TAMPERED');
    const holed = new Map(cache);
    holed.delete('tile/8/0/002.p/88');
    const missing = await reportOf(goSumdb, folderSource('s', holed), { keys });
    expect(missing.findings[0]?.message).toContain('tile/8/0/002.p/88');
    expect(missing.verdict).toBe('UNVERIFIABLE');
    const data = Buffer.from(
      String(files.get('tile/8/data/001')).replace('m300 v1.0.0 h1:A', 'm300 v1.0.0 h1:B'),
    );
    files.set('latest', checkpointOf(ORIGIN, all, [log]));
    const edited = await reportOf(goSumdb, folderSource('s', new Map(files).set('tile/8/data/001', data)), {
      keys,
    });
    expect(graveOf(edited)).toContain('EVENT_HASH_MISMATCH 300 tile/8/data/001');
  });

  test('alone, an answer proves only its signature', async () => {
    const all = records(5);
    const report = await reportOf(goSumdb, fileSource('answer', lookup(all, 2)), { keys });
    expect([report.verdict, report.anchored, graveOf(report)]).toEqual([
      'UNVERIFIABLE',
      false,
      ['KEY_MISSING 0 answer'],
    ]);
    const tiles = folderSource('tiles', tileFiles(all, SUMDB));
    expect(
      (await reportOf(goSumdb, fileSource('answer', lookup(all, 2)), { keys, data: [tiles] })).verdict,
    ).toBe('INTACT');
    const late = Buffer.from(String(lookup(all, 2)).replace('2\n', '7\n'));
    expect((await reportOf(goSumdb, fileSource('answer', late), { keys })).verdict).toBe('TAMPERED');
  });
});

test.skipIf(!hasSamples('audit/tlog-proof'))('the samples come out as their read-me says', async () => {
  const folder = join(SHARED_DATA, 'audit/tlog-proof');
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const given = { keys: { 'vkey.txt': read('vkey.txt') }, data: [fileSource('leaf.txt', read('leaf.txt'))] };
  const verdictOf = async (name: string): Promise<string> =>
    (await reportOf(tlogProof, fileSource(name, read(name)), given)).verdict;
  expect(await verdictOf('go.sum-database-tree-43930254.tlog-proof')).toBe('INTACT');
  expect(await verdictOf('TAMPERED-index.tlog-proof')).toBe('TAMPERED');
  expect(await verdictOf('TAMPERED-hash2-first-char-V-to-W.tlog-proof')).toBe('TAMPERED');
});
