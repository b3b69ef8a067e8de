// Tiled logs: genuine ones of every shape are intact, and each kind of damage is found where it is.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forkProof } from '../../../electron/modules/audit/engine/signed-note/fork-proof.ts';
import { tlogTiles } from '../../../electron/modules/audit/engine/tlog-tiles/tlog-tiles.ts';
import { ed25519Signer, witnessSigner } from '../../fixtures/transparency/note-keys.ts';
import {
  checkpointOf,
  entriesOf,
  leafOf,
  naiveRoot,
  tileFiles,
} from '../../fixtures/transparency/tile-log.ts';
import type { Files } from '../../fixtures/transparency/tile-log.ts';
import {
  fileSource,
  folderSource,
  graveOf,
  optionsOf,
  reportOf,
  RUN,
} from '../../fixtures/transparency/source.ts';
import type { Given } from '../../fixtures/transparency/source.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

const ORIGIN = 'example.com/log';
const log = ed25519Signer(ORIGIN);
const witness = witnessSigner('witness.example/w', 1_700_000_000);
const keys = { 'vkeys.txt': `${log.vkey}\n${witness.vkey}\n` };

const logOf = (count: number, older: readonly number[] = [], salt = ''): Files => {
  const entries = entriesOf(count, salt);
  const files = tileFiles(entries);
  files.set('checkpoint', checkpointOf(ORIGIN, entries, [log, witness]));
  for (const size of older)
    files.set(`checkpoint-${size}`, checkpointOf(ORIGIN, entries.slice(0, size), [log]));
  return files;
};

const check = (files: Files, given: Given = { keys }) =>
  reportOf(tlogTiles, folderSource('log', files), given);

const altered = (files: Files, path: string, at: number): Files => {
  const copy = new Map(files);
  const bytes = Buffer.from(copy.get(path) ?? Buffer.alloc(0));
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return copy.set(path, bytes);
};

describe('a genuine log', () => {
  test('is intact at every size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1200 }), async (count) => {
        const report = await check(logOf(count, [1, Math.ceil(count / 2)]));
        expect([report.verdict, report.records, report.findings, report.anchored]).toEqual([
          'INTACT',
          count,
          [],
          true,
        ]);
      }),
      { numRuns: 12 },
    );
  });

  test('of two tile levels and more is intact, and a changed upper tile is found', async () => {
    const files = logOf(65_600);
    expect((await check(files)).verdict).toBe('INTACT');
    const report = await check(altered(files, 'tile/2/000.p/1', 3));
    expect(graveOf(report)).toEqual(['CHAIN_HASH_MISMATCH 0 tile/2/000.p/1']);
    expect(report.findings[0]?.count).toBe(65_536);
  });

  test('is recognised, alone and under a folder', async () => {
    expect((await tlogTiles.detect(folderSource('log', logOf(3))))?.confidence).toBeGreaterThan(0.95);
    const nested = new Map([...logOf(3)].map(([path, bytes]) => [`export/${path}`, bytes]));
    expect((await check(nested)).verdict).toBe('INTACT');
  });

  test('without keys or without checkpoint is said to be so', async () => {
    const files = logOf(300);
    expect([(await check(files, {})).verdict]).toEqual(['UNVERIFIABLE']);
    files.delete('checkpoint');
    expect((await check(files)).verdict).toBe('INTACT_BUT_UNANCHORED');
    const root = naiveRoot(entriesOf(300).map(leafOf)).toString('hex');
    expect((await check(files, { heads: [root] })).verdict).toBe('INTACT');
    expect(graveOf(await check(files, { heads: ['ab'.repeat(32)] }))).toEqual(['HEAD_MISMATCH - -']);
  });

  test('with entries beyond its checkpoint says that nothing vouches for them', async () => {
    const files = logOf(300);
    files.set('checkpoint', checkpointOf(ORIGIN, entriesOf(260), [log]));
    expect((await check(files)).verdict).toBe('INTACT_BUT_UNANCHORED');
  });

  test('shows an entry and its hash under the lens', async () => {
    const source = folderSource('log', logOf(600));
    const verified = await tlogTiles.verify(source, optionsOf({ keys }), RUN);
    const view = await tlogTiles.record(source, verified, 300, optionsOf({ keys }));
    expect([view.raw, view.path, view.checks[0]?.ok]).toEqual(['entry 300\n', 'tile/entries/001', true]);
    await expect(tlogTiles.record(source, verified, 600, optionsOf())).rejects.toMatchObject({
      code: 'audit.no_such_record',
    });
  });
});

describe('damage', () => {
  const files = logOf(700, [400]);
  const place = fc.integer({ min: 0, max: 699 });

  test('an edited entry is found at its index', async () => {
    await fc.assert(
      fc.asyncProperty(place, async (index) => {
        const bundle = Math.floor(index / 256);
        const path = bundle < 2 ? `tile/entries/00${bundle}` : 'tile/entries/002.p/188';
        const bytes = files.get(path) ?? Buffer.alloc(0);
        const at = bytes.indexOf(`entry ${index}\n`) + 7;
        const report = await check(altered(files, path, at));
        expect(graveOf(report)).toEqual([`EVENT_HASH_MISMATCH ${index} ${path}`]);
        expect(report.verdict).toBe('TAMPERED');
      }),
      { numRuns: 15 },
    );
  });

  test('an altered hash in a tile is told from an altered entry', async () => {
    await fc.assert(
      fc.asyncProperty(place, async (index) => {
        const bundle = Math.floor(index / 256);
        const path = bundle < 2 ? `tile/0/00${bundle}` : 'tile/0/002.p/188';
        const report = await check(altered(files, path, (index % 256) * 32 + 5));
        expect(graveOf(report)).toEqual([`CHAIN_HASH_MISMATCH ${index} ${path}`]);
      }),
      { numRuns: 15 },
    );
  });

  test('several places are all named', async () => {
    let twice = altered(files, 'tile/entries/000', 6);
    twice = altered(twice, 'tile/entries/001', 6);
    twice = altered(twice, 'tile/1/000.p/2', 0);
    const grave = graveOf(await check(twice));
    expect(grave).toContain('EVENT_HASH_MISMATCH 256 tile/entries/001');
    expect(
      grave.some(
        (each) => each.startsWith('EVENT_HASH_MISMATCH 0') || each.startsWith('CHAIN_HASH_MISMATCH 0'),
      ),
    ).toBe(true);
  });

  test('a consistent rewrite is found by the checkpoints, and narrowed down by them', async () => {
    const entries = entriesOf(700);
    entries[500] = Buffer.from('forged\n');
    const forged = tileFiles(entries);
    for (const name of ['checkpoint', 'checkpoint-400']) forged.set(name, files.get(name) ?? Buffer.alloc(0));
    const report = await check(forged);
    expect([report.verdict, graveOf(report)]).toEqual(['TAMPERED', ['HEAD_MISMATCH - checkpoint']]);
    expect(report.findings[0]?.between).toEqual(['400', '699']);
  });

  test('missing files are named, what is left is still checked', async () => {
    const holed = new Map(files);
    holed.delete('tile/entries/001');
    const report = await check(holed);
    expect([report.verdict, graveOf(report)]).toEqual(['GAP', ['GAP 256 tile/entries/001']]);
    expect(report.findings[0]?.count).toBe(256);
    holed.delete('tile/0/001');
    const both = await check(holed);
    expect(graveOf(both).toSorted()).toEqual(['GAP 256 tile/0/001', 'GAP 256 tile/entries/001']);
    expect(both.anchored).toBe(true);
    holed.delete('tile/1/000.p/2');
    const three = await check(holed);
    expect([three.verdict, three.anchored]).toEqual(['GAP', false]);
    const hashesOnly = new Map([...files].filter(([path]) => !path.startsWith('tile/entries')));
    expect((await check(hashesOnly)).verdict).toBe('UNVERIFIABLE');
  });

  test('an entry taken out, put in, swapped or cut off is named', async () => {
    const entries = entriesOf(700);
    const bundle = (list: readonly Buffer[]): Buffer =>
      tileFiles(list).get(`tile/entries/000${list.length < 256 ? `.p/${list.length}` : ''}`) ??
      Buffer.alloc(0);
    const first = entries.slice(0, 256);
    const out = await check(new Map(files).set('tile/entries/000', bundle(first.toSpliced(10, 1))));
    expect(graveOf(out)).toEqual(['GAP 10 tile/entries/000']);
    expect(out.verdict).toBe('TAMPERED');
    const swapped = first.slice();
    [swapped[3], swapped[9]] = [first[9] as Buffer, first[3] as Buffer];
    const moved = await check(new Map(files).set('tile/entries/000', bundle(swapped)));
    expect(graveOf(moved)).toEqual(['REORDERED 3 tile/entries/000', 'REORDERED 9 tile/entries/000']);
    const whole = files.get('tile/entries/000') ?? Buffer.alloc(0);
    const cut = await check(new Map(files).set('tile/entries/000', whole.subarray(0, -5)));
    expect(graveOf(cut)).toEqual(['GAP 255 tile/entries/000']);
    const grown = Buffer.concat([whole, Buffer.from([0, 1, 65])]);
    expect((await check(new Map(files).set('tile/entries/000', grown))).verdict).toBe('TAMPERED');
  });

  test('a forged checkpoint is found, a malformed one named', async () => {
    const forged = altered(files, 'checkpoint', ORIGIN.length + 1);
    expect((await check(forged)).verdict).toBe('TAMPERED');
    const malformed = new Map(files).set('checkpoint', Buffer.from('nothing\n'));
    expect(graveOf(await check(malformed))).toContain('MALFORMED - checkpoint');
  });
});

describe('a fork', () => {
  const files = logOf(700);
  test.each([700, 400, 512])(
    'of %i entries, given as data or in the folder, is proved in a file',
    async (size) => {
      const other = checkpointOf(ORIGIN, entriesOf(size, ' otherwise'), [log]);
      const given = await check(files, { keys, data: [fileSource('theirs', other)] });
      expect([given.verdict, graveOf(given)]).toEqual(['FORK', ['FORK - theirs']]);
      const inside = await check(new Map(files).set('checkpoint-theirs', other));
      expect(inside.verdict).toBe('FORK');
      for (const { forkProof: text } of [given, inside]) {
        const proof = await reportOf(forkProof, fileSource('fork.json', text ?? ''), { keys });
        expect([proof.verdict, proof.anchored]).toEqual(['FORK', true]);
      }
    },
  );

  test('is a fork, too, where the head comes as a trusted root besides', async () => {
    const entries = entriesOf(700, ' otherwise');
    const other = checkpointOf(ORIGIN, entries, [log]);
    const heads = [naiveRoot(entries.map(leafOf)).toString('hex')];
    const report = await check(files, { keys: { ...keys, theirs: other }, heads });
    expect([report.verdict, report.anchored, report.forkProof !== undefined]).toEqual(['FORK', false, true]);
  });

  test('is not claimed of a head that the log did not sign', async () => {
    const other = checkpointOf(ORIGIN, entriesOf(400, ' otherwise'), [ed25519Signer(ORIGIN)]);
    const report = await check(files, { keys, data: [fileSource('theirs', other)] });
    expect([report.verdict, report.forkProof]).toEqual(['UNVERIFIABLE', undefined]);
  });

  test('is not a larger head that vouches for entries that were held back', async () => {
    const larger = checkpointOf(ORIGIN, entriesOf(900), [log]);
    const report = await check(files, { keys, data: [fileSource('theirs', larger)] });
    expect([report.verdict, graveOf(report)]).toEqual(['GAP', ['GAP 700 theirs']]);
    expect(report.findings[0]?.count).toBe(200);
  });
});

test('a checkpoint of an absurd size costs neither time nor memory', async () => {
  const files = logOf(10);
  const text = `${ORIGIN}\n9007199254740991\n${Buffer.alloc(32).toString('base64')}\n`;
  files.set('checkpoint', Buffer.from(`${text}\n${log.line(text)}`));
  const report = await check(files);
  expect(report.verdict).toBe('GAP');
});

test.skipIf(!hasSamples('audit/tlog-tiles'))('the samples come out as their read-me says', async () => {
  const base = join(SHARED_DATA, 'audit/tlog-tiles');
  const load = (name: string): Files => {
    const folder = join(base, name);
    const paths = readdirSync(folder, { recursive: true }).map(String);
    const files = paths.filter((path) => statSync(join(folder, path)).isFile());
    return new Map(files.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path))]));
  };
  expect((await check(load('genuine'), {})).verdict).toBe('INTACT');
  const flipped = await check(load('TAMPERED-entry-flipped'), {});
  expect(graveOf(flipped)).toEqual(['EVENT_HASH_MISMATCH 300 tile/entries/001']);
  const tile = await check(load('TAMPERED-tile-hash-flipped'), {});
  expect(graveOf(tile)).toEqual(['CHAIN_HASH_MISMATCH 300 tile/0/001']);
  expect((await check(load('TAMPERED-entry-and-tile-rewritten'), {})).verdict).toBe('TAMPERED');
  const vkeys = { 'vkeys.txt': load('genuine').get('vkeys.txt') ?? '' };
  const genuine = fileSource('checkpoint', load('genuine').get('checkpoint') ?? '');
  expect((await check(load('FORK'), { keys: vkeys })).verdict).toBe('INTACT');
  expect((await check(load('FORK'), { keys: vkeys, data: [genuine] })).verdict).toBe('FORK');
});
