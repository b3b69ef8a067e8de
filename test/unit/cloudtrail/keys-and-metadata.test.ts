// Keys and S3 metadata in every form that people have them, trusted heads, and what happens without them.
import { hash, sign } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cloudtrail } from '../../../electron/modules/audit/engine/cloudtrail/cloudtrail.ts';
import { readSidecar } from '../../../electron/modules/audit/engine/cloudtrail/sidecars.ts';
import { writeTrail } from '../../../electron/modules/audit/engine/cloudtrail/write-trail.ts';
import type { WrittenTrail } from '../../../electron/modules/audit/engine/cloudtrail/write-trail.ts';
import type { VerifyOptions } from '../../../electron/modules/audit/engine/format.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import {
  HOUR,
  START,
  fieldsOf,
  keyList,
  lay,
  otherSigner,
  remove,
  signer,
  sourceOf,
  spec,
} from '../../fixtures/cloudtrail/generate.ts';
import type { Folder } from '../../fixtures/cloudtrail/generate.ts';

const run = { signal: new AbortController().signal, progress: () => undefined };
const reportOf = async (folder: Folder, options: Partial<VerifyOptions> = {}): Promise<VerificationReport> =>
  (await cloudtrail.verify(sourceOf(folder), { trustedHeads: [], keys: [], ...options }, run)).report;

const trail = writeTrail(spec({ digests: 3 }));
const plain = (): Folder => lay([trail], { metadata: null });
const newest = trail.digests.at(-1) ?? '';
const newestMeta = trail.metadata.get(newest) ?? {};
const contentHash = (object: string): string =>
  hash('sha256', gunzipSync(trail.objects.get(object) ?? new Uint8Array()), 'hex');
const fileName = newest.slice(newest.lastIndexOf('/') + 1);

describe('S3 metadata', () => {
  const head = { AcceptRanges: 'bytes', ContentType: 'application/json', Metadata: newestMeta };
  it.each<readonly [string, string, unknown]>([
    ['head-object beside the object', `s3/${newest}.metadata.json`, head],
    ['head-object in a folder of its own', `heads/${fileName}.json`, head],
    ['head-object with its Key', 'heads/7.json', { ...head, Key: newest.slice(newest.indexOf('/') + 1) }],
    [
      'HTTP header names',
      `s3/${newest}.head.json`,
      { 'x-amz-meta-signature': newestMeta.signature, 'X-Amz-Meta-Signature-Algorithm': 'SHA256withRSA' },
    ],
    [
      'a list of head-object outputs',
      'heads.json',
      [{ Bucket: newest.slice(0, newest.indexOf('/')), Key: newest.slice(newest.indexOf('/') + 1), ...head }],
    ],
    ['a map with s3:// names', 'all.json', { [`s3://${newest}`]: newestMeta }],
    ['a map of head-object outputs by key', 'all.json', { [newest.slice(newest.indexOf('/') + 1)]: head }],
  ])('is read from %s', async (_, path, value) => {
    const folder = plain();
    folder.set(path, Buffer.from(JSON.stringify(value)));
    const report = await reportOf(folder);
    expect([report.verdict, report.anchored, report.findings]).toEqual(['INTACT', true, []]);
  });

  it('may be given as a key file beside the key list', async () => {
    const keys = [
      { name: 'keys.json', bytes: keyList() },
      { name: 'head.json', bytes: Buffer.from(JSON.stringify({ [newest]: newestMeta })) },
    ];
    expect((await reportOf(lay([trail], { keys: null, metadata: null }), { keys })).verdict).toBe('INTACT');
  });

  it('without the newest signature says which digest and how many logs are only consistent', async () => {
    const report = await reportOf(plain());
    expect(report.verdict).toBe('INTACT_BUT_UNANCHORED');
    expect(report.proves.join('\n')).toMatch(/2 of 3 digest files/u);
    expect(report.doesNotProve.join('\n')).toContain(fileName);
    expect(report.doesNotProve.join('\n')).toContain('3 log files');
    expect(report.strip.stretches.map(({ state }) => state)).toEqual(['verified', 'unanchored']);
  });

  it('with a wrong signature algorithm is not used', async () => {
    const folder = plain();
    folder.set(
      'm.json',
      Buffer.from(JSON.stringify({ [newest]: { ...newestMeta, 'signature-algorithm': 'NONE' } })),
    );
    expect((await reportOf(folder)).verdict).toBe('UNVERIFIABLE');
  });

  it('too large to be read is named', async () => {
    const folder = plain();
    folder.set(
      'big.json',
      Buffer.concat([
        Buffer.from(JSON.stringify({ [newest]: newestMeta })),
        Buffer.alloc(33 * 1024 * 1024, ' '),
      ]),
    );
    const report = await reportOf(folder);
    expect(report.verdict).toBe('INTACT_BUT_UNANCHORED');
    expect(report.doesNotProve.join('\n')).toContain('big.json says: it is larger than 32 MiB');
  });

  it('is not seen in documents that are something else', () => {
    for (const value of [
      null,
      1,
      'x',
      [],
      {},
      [1],
      { a: 1 },
      { Metadata: {} },
      { Records: [] },
      { 'a/b.json': { signature: 'ff' } },
    ]) {
      expect(readSidecar('x.json', value)).toBeNull();
    }
  });
});

describe('public keys', () => {
  const bare = lay([trail], { keys: null });
  const text = Buffer.from(keyList()).toString();
  it.each<readonly [string, Uint8Array]>([
    ['as the AWS CLI prints them', keyList()],
    ['with a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), keyList()])],
    ['redirected by Windows PowerShell (UTF-16)', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    [
      'with times as seconds',
      Buffer.from(text.replaceAll(/"(ValidityStartTime|ValidityEndTime)": "[^"]+"/gu, '"$1": 1748736451.0')),
    ],
    ['as the bare list', Buffer.from(JSON.stringify(fieldsOf(text).PublicKeyList))],
  ])('are read %s, given or in the folder', async (_, bytes) => {
    expect((await reportOf(bare, { keys: [{ name: 'k.json', bytes }] })).verdict).toBe('INTACT');
    expect((await reportOf(new Map([...bare, ['some/where/k.json', bytes]]))).verdict).toBe('INTACT');
  });

  it.each<readonly [string, Uint8Array]>([
    ['no JSON', Buffer.from('-----BEGIN PUBLIC KEY-----')],
    ['an empty list', Buffer.from('{"PublicKeyList":[]}')],
    ['other JSON', Buffer.from('{"a":1}')],
    ['a value that is no RSA key', Buffer.from('{"PublicKeyList":[{"Value":"AAAA","Fingerprint":"f"}]}')],
    ['nothing', new Uint8Array()],
  ])('given as %s are refused by name', async (_, bytes) => {
    await expect(reportOf(bare, { keys: [{ name: 'bad.json', bytes }] })).rejects.toEqual(
      expect.objectContaining({
        code: 'audit.key_invalid',
        params: expect.objectContaining({ name: 'bad.json' }),
      }),
    );
  });

  it('in the folder are pointed out as only as good as the folder; given ones are not', async () => {
    const sentence = "That the public key is AWS's own";
    expect((await reportOf(lay([trail]))).doesNotProve.join('\n')).toContain(sentence);
    expect(
      (await reportOf(lay([trail]), { keys: [{ name: 'k', bytes: keyList() }] })).doesNotProve.join('\n'),
    ).not.toContain(sentence);
  });

  it('given replace those in the folder: a planted key proves nothing', async () => {
    const forged = writeTrail(spec({ signer: () => otherSigner }));
    const folder = lay([forged], { keys: keyList([otherSigner]) });
    expect((await reportOf(folder)).verdict).toBe('INTACT');
    const report = await reportOf(folder, { keys: [{ name: 'k', bytes: keyList([signer]) }] });
    expect(report.verdict).toBe('UNVERIFIABLE');
    expect(report.doesNotProve.join('\n')).toContain(otherSigner.fingerprint);
  });

  it('absent: UNVERIFIABLE, with the command that gets them', async () => {
    const report = await reportOf(bare);
    expect([report.verdict, report.anchored]).toEqual(['UNVERIFIABLE', false]);
    expect(report.doesNotProve.join('\n')).toContain('aws cloudtrail list-public-keys');
  });

  it('used outside the validity that the list gives: pointed out', async () => {
    const sentence = 'outside the validity';
    const shifted = text
      .replaceAll('2025-05', '2024-05')
      .replaceAll('2025-07', '2024-07')
      .replaceAll('2025-06', '2024-06');
    expect(shifted).not.toBe(text);
    const report = await reportOf(bare, { keys: [{ name: 'k', bytes: Buffer.from(shifted) }] });
    expect([report.verdict, report.doesNotProve.join('\n').includes(sentence)]).toEqual(['INTACT', true]);
    expect(
      (await reportOf(bare, { keys: [{ name: 'k', bytes: keyList() }] })).doesNotProve.join('\n'),
    ).not.toContain(sentence);
  });

  it('for the older half only: the newer digests can not be verified, and the fingerprint is named', async () => {
    const rotated = writeTrail(spec({ signer: (at) => (at < 3 ? signer : otherSigner) }));
    const report = await reportOf(lay([rotated], { keys: keyList([signer]) }));
    expect([report.verdict, report.anchored]).toEqual(['UNVERIFIABLE', false]);
    expect(report.doesNotProve.join('\n')).toContain(otherSigner.fingerprint);
  });

  it('for the newer half only: the older digests are proven by the hashes in signed ones', async () => {
    const rotated = writeTrail(spec({ signer: (at) => (at < 3 ? signer : otherSigner) }));
    const report = await reportOf(lay([rotated], { keys: keyList([otherSigner]) }));
    expect([report.verdict, report.anchored, report.findings]).toEqual(['INTACT', true, []]);
    expect(report.proves.join('\n')).toContain('3 further digest files');
    expect(report.doesNotProve.join('\n')).toContain(signer.fingerprint);
  });
});

describe('trusted heads', () => {
  it('the newest digest’s SHA-256 anchors a trail without metadata', async () => {
    const report = await reportOf(plain(), { trustedHeads: [contentHash(newest)] });
    expect([report.verdict, report.anchored, report.head]).toEqual(['INTACT', true, contentHash(newest)]);
  });

  it('the SHA-256 of the newest .gz file does, too, and without any key', async () => {
    const stored = hash('sha256', trail.objects.get(newest) ?? new Uint8Array(), 'hex').toUpperCase();
    const report = await reportOf(lay([trail], { keys: null, metadata: null }), { trustedHeads: [stored] });
    expect([report.verdict, report.anchored]).toEqual(['INTACT', true]);
  });

  it('an older digest’s leaves the end unanchored', async () => {
    const report = await reportOf(plain(), { trustedHeads: [contentHash(trail.digests[0] ?? '')] });
    expect([report.verdict, report.anchored, report.findings]).toEqual(['INTACT_BUT_UNANCHORED', false, []]);
  });

  it('one that fits nothing: TAMPERED', async () => {
    const report = await reportOf(lay([trail]), { trustedHeads: ['ab'.repeat(32)] });
    expect(report.verdict).toBe('TAMPERED');
    expect(report.findings).toEqual([
      expect.objectContaining({ kind: 'HEAD_MISMATCH', expected: 'ab'.repeat(32) }),
    ]);
  });

  it('the head of a trail whose end was cut off: TAMPERED', async () => {
    const folder = plain();
    remove(folder, `s3/${newest}`, ...trail.logs.slice(-3).map((object) => `s3/${object}`));
    expect((await reportOf(folder, { trustedHeads: [contentHash(newest)] })).verdict).toBe('TAMPERED');
    expect((await reportOf(folder)).verdict).toBe('INTACT_BUT_UNANCHORED');
  });
});

describe('what this version can not check', () => {
  const SIGNED_FIELDS = [
    'digestEndTime',
    'digestS3Bucket',
    'digestS3Object',
    'previousDigestSignature',
  ] as const;
  /** The newest digest changed and signed again with the right key, as AWS itself could. */
  const reissued = (fields: Readonly<Record<string, unknown>>): Folder => {
    const document = { ...fieldsOf(gunzipSync(trail.objects.get(newest) ?? new Uint8Array())), ...fields };
    const content = JSON.stringify(document);
    const [end, bucket, key, previous] = SIGNED_FIELDS.map((name) => String(document[name]));
    const signed = [end, `${bucket}/${key}`, hash('sha256', content, 'hex'), previous].join('\n');
    const folder = plain();
    folder.set(`s3/${newest}`, gzipSync(content));
    const signature = sign('sha256', Buffer.from(signed), signer.privateKey).toString('hex');
    folder.set(
      'm.json',
      Buffer.from(JSON.stringify({ [newest]: { signature, 'signature-algorithm': 'SHA256withRSA' } })),
    );
    return folder;
  };

  it('is UNVERIFIABLE, not TAMPERED: another hash algorithm for the previous digest', async () => {
    const report = await reportOf(
      reissued({ previousDigestHashAlgorithm: 'SHA-512', previousDigestHashValue: 'AB'.repeat(64) }),
    );
    expect([report.verdict, report.findings.map(({ kind }) => kind)]).toEqual([
      'UNVERIFIABLE',
      ['MALFORMED'],
    ]);
    expect(report.findings[0]?.message).toContain('SHA-512');
  });

  it('is UNVERIFIABLE: another hash algorithm for a log', async () => {
    const { logFiles } = fieldsOf(gunzipSync(trail.objects.get(newest) ?? new Uint8Array()));
    const [first, ...rest] = Array.isArray(logFiles) ? logFiles : [];
    const report = await reportOf(
      reissued({ logFiles: [{ ...fieldsOf(JSON.stringify(first)), hashAlgorithm: 'SHA-512' }, ...rest] }),
    );
    expect([report.verdict, report.findings.map(({ kind, index }) => [kind, index])]).toEqual([
      'UNVERIFIABLE',
      [['MALFORMED', 6]],
    ]);
  });

  it('but the same digest with nothing changed is INTACT', async () => {
    expect((await reportOf(reissued({}))).verdict).toBe('INTACT');
  });
});

describe('bytes other than those taken in', () => {
  it('are refused', async () => {
    const { source } = await reportOf(lay([trail]));
    expect((await reportOf(lay([trail]), { expectedSha256: source.sha256 })).verdict).toBe('INTACT');
    await expect(reportOf(plain(), { expectedSha256: source.sha256 })).rejects.toEqual(
      expect.objectContaining({ code: 'file.changed' }),
    );
  });
});

describe('several trails', () => {
  it('each is reported, the worst gives the verdict, and one that ends early is pointed out', async () => {
    const early: WrittenTrail = writeTrail(
      spec({ region: 'us-east-1', homeRegion: 'eu-west-1', digests: 3 }),
    );
    const late = writeTrail(spec({ digests: 6 }));
    const report = await reportOf(lay([early, late]));
    expect(report.verdict).toBe('INTACT');
    expect(report.doesNotProve.join('\n')).toMatch(/us-east-1.*ends at 2025-06-01T03:07:31Z/u);
    expect(report.proves.filter((sentence) => sentence.includes('carry a signature'))).toHaveLength(2);
    expect(report.strip.length).toBe(6 * HOUR);
    expect(report.strip.origin).toBe(new Date(START * 1000).toISOString().replace('.000', ''));
  });

  it('of an organisation with many accounts give a bounded number of sentences', async () => {
    const many = Array.from({ length: 30 }, (_, at) =>
      writeTrail(
        spec({
          account: String(100_000_000_000 + at),
          organisation: 'o-abcdefghij',
          digests: 1,
          logsPerDigest: 0,
        }),
      ),
    );
    const report = await reportOf(lay(many, { metadata: null }));
    expect(report.verdict).toBe('INTACT_BUT_UNANCHORED');
    expect(report.dialect).toContain('30 chains of digests: 30 digest files');
    expect(report.doesNotProve.filter((sentence) => sentence.startsWith('That the digest'))).toHaveLength(20);
    expect(report.doesNotProve.join('\n')).toContain('The same of 10 further digests.');
    expect(report.doesNotProve.length).toBeLessThan(60);
  });
});
