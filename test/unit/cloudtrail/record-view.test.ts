// One log or digest under the lens: what was hashed is shown, and every check says what was stored and what came out.
import { createPublicKey, hash, verify as verifySignature } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { cloudtrail } from '../../../electron/modules/audit/engine/cloudtrail/cloudtrail.ts';
import { editObject, writeTrail } from '../../../electron/modules/audit/engine/cloudtrail/write-trail.ts';
import { RecordView } from '../../../shared/model/verdict.ts';
import type { VerifyOptions } from '../../../electron/modules/audit/engine/format.ts';
import {
  change,
  fieldsOf,
  keyList,
  lay,
  pathOf,
  remove,
  signer,
  sourceOf,
  spec,
} from '../../fixtures/cloudtrail/generate.ts';
import type { Folder } from '../../fixtures/cloudtrail/generate.ts';

const run = { signal: new AbortController().signal, progress: () => undefined };
const options: VerifyOptions = { trustedHeads: [], keys: [] };
const trail = writeTrail(spec({ digests: 4 }));
const LOGS = trail.logs.length;

const view = async (folder: Folder, index: number, given = options): Promise<RecordView> => {
  const source = sourceOf(folder);
  const shown = await cloudtrail.record(source, await cloudtrail.verify(source, given, run), index, given);
  expect(v.safeParse(RecordView, shown).issues).toBeUndefined();
  return shown;
};
const checkOf = (shown: RecordView, name: string): RecordView['checks'][number] | undefined =>
  shown.checks.find((check) => check.name === name);

describe('CloudTrail record view', () => {
  it('of a log shows its text, whose SHA-256 is the one that its digest names', async () => {
    const shown = await view(lay([trail]), 4);
    expect(shown.path).toBe(pathOf(trail.logs, 4));
    const check = checkOf(shown, 'log hash');
    expect(check?.ok).toBe(true);
    expect(hash('sha256', check?.hashed ?? '', 'hex')).toBe(check?.stored);
    expect(JSON.parse(shown.raw)).toHaveProperty('Records');
    expect(shown.fields.find(({ name }) => name === 'named by')?.value).toContain('CloudTrail-Digest');
  });

  it('of an edited log shows the stored and the recomputed hash, and the finding', async () => {
    const folder = lay([trail]);
    change(folder, pathOf(trail.logs, 4), (bytes) => editObject(bytes, (text) => `${text} `));
    const shown = await view(folder, 4);
    const check = checkOf(shown, 'log hash');
    expect([check?.ok, check?.stored === check?.recomputed]).toEqual([false, false]);
    expect(shown.findings.map(({ kind }) => kind)).toEqual(['LOG_HASH_MISMATCH']);
  });

  it('of a missing log shows what is named for it', async () => {
    const folder = lay([trail]);
    remove(folder, pathOf(trail.logs, 4));
    const shown = await view(folder, 4);
    expect([shown.path, shown.raw]).toEqual([trail.logs[4], '']);
    expect(checkOf(shown, 'log hash')).toMatchObject({
      ok: false,
      recomputed: null,
      stored: expect.stringMatching(/^[0-9a-f]{64}$/u),
    });
  });

  it('of a digest shows the exact string that was signed', async () => {
    const shown = await view(lay([trail]), LOGS + 1);
    expect(shown.path).toBe(pathOf(trail.digests, 1));
    expect(shown.checks.every(({ ok }) => ok)).toBe(true);
    const check = checkOf(shown, 'digest signature (S3 metadata)');
    const text = gunzipSync(trail.objects.get(trail.digests[1] ?? '') ?? new Uint8Array());
    const document = fieldsOf(text);
    expect(check?.hashed).toBe(
      [
        document.digestEndTime,
        trail.digests[1],
        hash('sha256', text, 'hex'),
        document.previousDigestSignature,
      ].join('\n'),
    );
    expect(
      verifySignature(
        'sha256',
        Buffer.from(check?.hashed ?? ''),
        createPublicKey(signer.privateKey),
        Buffer.from(check?.stored ?? '', 'hex'),
      ),
    ).toBe(true);
    expect(shown.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'digest signature (next digest)',
        'digest hash in the next digest',
        'previous digest hash',
        'place',
      ]),
    );
  });

  it('of a digest without any signature, or without its key, shows a check that is not ok', async () => {
    expect(checkOf(await view(lay([trail], { metadata: null }), LOGS + 3), 'digest signature')).toMatchObject(
      { ok: false, stored: null },
    );
    expect(
      checkOf(await view(lay([trail], { keys: null }), LOGS + 3), 'digest signature (S3 metadata)'),
    ).toMatchObject({ ok: false, recomputed: null });
    const given: VerifyOptions = { trustedHeads: [], keys: [{ name: 'k', bytes: keyList() }] };
    expect(
      checkOf(await view(lay([trail], { keys: null }), LOGS + 3, given), 'digest signature (S3 metadata)'),
    ).toMatchObject({ ok: true });
  });

  it('of a missing digest shows the hash that the next one names', async () => {
    const folder = lay([trail]);
    remove(folder, pathOf(trail.digests, 1));
    const shown = await view(folder, LOGS + 1);
    expect(shown.path).toBe(trail.digests[1]);
    expect(checkOf(shown, 'digest hash in the next digest')).toMatchObject({ ok: false, recomputed: null });
    expect(shown.findings.map(({ kind }) => kind)).toEqual(['DIGEST_MISSING']);
  });

  it('of a digest that can not be read says why', async () => {
    const folder = lay([trail]);
    change(folder, pathOf(trail.digests, 3), (bytes) => bytes.subarray(0, 50));
    const shown = await view(folder, LOGS + 3);
    expect(checkOf(shown, 'readable')).toMatchObject({
      ok: false,
      recomputed: 'the compressed data ends too early',
    });
  });

  it('cuts a long log at 64 KiB and says so', async () => {
    const long = writeTrail(spec({ digests: 1, logsPerDigest: 1, eventsPerLog: 200 }));
    const shown = await view(lay([long]), 0);
    expect([shown.rawTruncated, shown.raw.length]).toEqual([true, 65_536]);
    expect(checkOf(shown, 'log hash')).toMatchObject({ ok: true, hashed: null });
  });

  it.each([-1, LOGS + 4, 1.5, Number.NaN])('has no record %d', async (index) => {
    await expect(view(lay([trail]), index)).rejects.toEqual(
      expect.objectContaining({ code: 'audit.no_such_record', params: { index, last: LOGS + 3 } }),
    );
  });
});
