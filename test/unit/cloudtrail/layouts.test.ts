// However an auditor got the folder, a genuine trail is intact and an altered one is not.
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cloudtrail } from '../../../electron/modules/audit/engine/cloudtrail/cloudtrail.ts';
import { editObject, writeTrail } from '../../../electron/modules/audit/engine/cloudtrail/write-trail.ts';
import { movedDigests } from '../../../electron/modules/audit/engine/cloudtrail/placement.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import {
  ACCOUNT,
  BUCKET,
  HOUR,
  START,
  change,
  lay,
  sourceOf,
  spec,
} from '../../fixtures/cloudtrail/generate.ts';
import type { Folder } from '../../fixtures/cloudtrail/generate.ts';

const run = { signal: new AbortController().signal, progress: () => undefined };
const reportOf = async (folder: Folder): Promise<VerificationReport> =>
  (await cloudtrail.verify(sourceOf(folder), { trustedHeads: [], keys: [] }, run)).report;

// Over midnight, so that the digests stand in two day folders.
const trail = writeTrail(spec({ start: START + 21 * HOUR, digests: 6 }));
const base = (object: string): string => object.slice(object.lastIndexOf('/') + 1);
const layouts: readonly (readonly [string, (object: string) => string])[] = [
  ['the bucket below another folder', (object) => `s3/${object}`],
  ['the bucket itself', (object) => object],
  ['the content of the bucket', (object) => object.slice(BUCKET.length + 1)],
  [
    'the content of the bucket in a folder of another name',
    (object) => `download/may/${object.slice(BUCKET.length + 1)}`,
  ],
  ['one account’s prefix', (object) => object.slice(`${BUCKET}/AWSLogs/${ACCOUNT}/`.length)],
  [
    'one account’s prefix in a folder',
    (object) => `export/${object.slice(`${BUCKET}/AWSLogs/${ACCOUNT}/`.length)}`,
  ],
  [
    'logs and digests fetched into two folders',
    (object) =>
      object.includes('CloudTrail-Digest')
        ? `digests/${object.split('/').slice(-4).join('/')}`
        : `logs/${object.split('/').slice(-4).join('/')}`,
  ],
  ['everything in one flat folder', base],
  ['everything flat in a folder', (object) => `flat/${base(object)}`],
];

describe('CloudTrail folder layouts', () => {
  it.each(layouts)('%s: genuine is INTACT, and an edited log is found', async (_, place) => {
    const folder = lay([trail], { place });
    const report = await reportOf(folder);
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('INTACT');
    const path = place(trail.logs[4] ?? '');
    change(folder, path, (bytes) => editObject(bytes, (text) => text.replace('aws-cli', 'aws-clj')));
    expect((await reportOf(folder)).findings).toEqual([
      expect.objectContaining({ kind: 'LOG_HASH_MISMATCH', path, index: 4 }),
    ]);
  });

  it('a flat folder says that places could not be compared', async () => {
    const report = await reportOf(lay([trail], { place: base }));
    expect(report.doesNotProve.join('\n')).toContain('folders were dropped');
  });

  it.each([
    ['unpacked, renamed to .json', (path: string) => path.replace(/\.gz$/u, '')],
    ['unpacked by a browser under the same name', (path: string) => path],
  ] as const)('%s: still INTACT', async (_, rename) => {
    const folder = lay([trail]);
    for (const object of [...trail.logs, ...trail.digests]) {
      const path = `s3/${object}`;
      const stored = folder.get(path) ?? new Uint8Array();
      folder.delete(path);
      folder.set(rename(path), gunzipSync(stored));
    }
    const report = await reportOf(folder);
    expect(report.findings).toEqual([]);
    expect([report.verdict, report.records]).toEqual(['INTACT', 72]);
  });

  it('two buckets in one folder, one copied from its prefix', async () => {
    const other = writeTrail(spec({ trail: 'second', bucket: 'second-bucket', account: '222233334444' }));
    const folder = lay([trail]);
    for (const [path, bytes] of lay([other], {
      place: (object) => `two/${object.slice('second-bucket/'.length)}`,
      metadata: [trail, other],
    }))
      folder.set(path, bytes);
    const report = await reportOf(folder);
    expect([report.verdict, report.findings]).toEqual(['INTACT', []]);
  });

  it('other files are named as not looked at, and count towards the folder’s digest', async () => {
    const folder = lay([trail]);
    const before = await reportOf(folder);
    folder.set('notes.txt', Buffer.from('hello'));
    folder.set('.DS_Store', Buffer.alloc(10));
    folder.set('broken.json', Buffer.from('{'));
    const report = await reportOf(folder);
    expect(report.verdict).toBe('INTACT');
    expect(report.doesNotProve.join('\n')).toContain('3 other files');
    expect(report.source.sha256).not.toBe(before.source.sha256);
    expect(report.source.bytes).toBe(before.source.bytes + 16);
  });
});

describe('placement', () => {
  const at = (
    path: string,
    object = 'bucket/AWSLogs/1/CloudTrail-Digest/r/2025/06/01/a.json.gz',
  ): { path: string; object: string } => ({ path, object });
  it.each([
    ['another account’s folder', 'AWSLogs/2/CloudTrail-Digest/r/2025/06/01/a.json.gz'],
    ['another bucket’s folder', 'other/AWSLogs/1/CloudTrail-Digest/r/2025/06/01/a.json.gz'],
    ['the top of the folder', 'a.json.gz'],
    ['another region', 'bucket/AWSLogs/1/CloudTrail-Digest/q/2025/06/01/a.json.gz'],
    ['another name', 'bucket/AWSLogs/1/CloudTrail-Digest/r/2025/06/01/b.json.gz'],
  ])('among digests in place, one in %s has moved', (_, path) => {
    const good = [1, 2, 3].map((day) =>
      at(
        `bucket/AWSLogs/1/CloudTrail-Digest/r/2025/06/0${day}/c.json.gz`,
        `bucket/AWSLogs/1/CloudTrail-Digest/r/2025/06/0${day}/c.json.gz`,
      ),
    );
    expect(movedDigests([...good, at(path)])).toEqual([false, false, false, true]);
  });
});
