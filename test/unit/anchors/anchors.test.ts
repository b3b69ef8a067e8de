// Evidence from outside, held against a log: what covers its end raises the verdict, what does not is named.
import { createHash, generateKeyPairSync, hash, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { encodeQR } from 'qr';
import { afterAll, describe, expect, it } from 'vitest';
import { auditJobs } from '../../../electron/modules/audit/job.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { makeChunks } from '../../fixtures/guardian/generate.ts';
import {
  BLOCKS,
  append,
  bitcoin,
  prepend,
  proofOf,
  SHA256,
  stampedInBlock,
} from '../../fixtures/timestamps/ots.ts';
import { Tsa } from '../../fixtures/timestamps/tsa.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

const tsa = new Tsa();
afterAll(() => tsa.remove());
const root = tsa.root('p256', 'root');
const authority = tsa.authority(root, 'p256', 'authority');

const text = Buffer.concat([...makeChunks({ seed: 4, count: 60 })]).toString('utf8');
const lines = text.trimEnd().split('\n');
const hashAt = (index: number): string =>
  (JSON.parse(lines[index] ?? '{}') as { chain_hash: string }).chain_hash;
const head = hashAt(59);
const log = tsa.file(text, 'log.jsonl');
const cut = tsa.file(`${lines.slice(0, 50).join('\n')}\n`, 'cut.jsonl');

interface Given {
  readonly anchors?: readonly string[];
  readonly keys?: readonly string[];
  readonly data?: readonly string[];
}
const files = (paths: readonly string[] = []) =>
  paths.map((path) => ({ name: basename(path), bytes: readFileSync(path) }));
const verify = async (path: string, given: Given): Promise<VerificationReport> => {
  const input = {
    source: { at: 'path' as const, path },
    format: null,
    trustedHeads: [],
    keys: files(given.keys),
    anchors: files(given.anchors),
    data: (given.data ?? []).map((each) => ({ at: 'path' as const, path: each })),
    expectedSha256: null,
  };
  const run = { signal: new AbortController().signal, progress: (): void => undefined };
  return (await auditJobs['audit.verify'](input, run)).report;
};
const outcomes = (report: VerificationReport) =>
  report.anchors?.map(({ kind, outcome }) => `${kind} ${outcome}`);
const stamp = (content: Uint8Array | string, digest = 'sha256'): string =>
  tsa.reply(authority, tsa.request(tsa.file(content), digest));
const stampDigest = (hex: string): string => {
  const request = tsa.path(`digest-${hex.slice(0, 8)}.tsq`);
  tsa.openssl('ts', '-query', '-digest', hex, '-sha256', '-cert', '-out', request);
  return tsa.reply(authority, request);
};

describe('a timestamp', () => {
  it.each([
    ['the head as hex text', () => stamp(head)],
    ['the head as a line', () => stamp(`${head}\n`, 'sha512')],
    ['the head as bytes', () => stamp(Buffer.from(head, 'hex'))],
    ['the head as the digest itself', () => stampDigest(head)],
    ['the file', () => stamp(text)],
    ['the file, with SHA-512', () => stamp(text, 'sha512')],
  ])('over %s turns unanchored into intact', async (_, make) => {
    const report = await verify(log, { anchors: [make()], keys: [root.cert] });
    expect([report.verdict, report.anchored, outcomes(report)]).toEqual(['INTACT', true, ['rfc3161 covers']]);
    expect(report.anchors?.[0]?.time).toMatch(/^20\d\d-.*Z$/u);
    expect(report.doesNotProve.join(' ')).toContain('was not written anew before 20');
    expect(report.doesNotProve.join(' ')).not.toContain('cut off the end');
    expect(report.strip.stretches.some(({ state }) => state === 'unanchored')).toBe(false);
  });

  it('over the content of a compressed file covers it', async () => {
    const report = await verify(tsa.file(gzipSync(text), 'whole.jsonl.gz'), {
      anchors: [stamp(text)],
      keys: [root.cert],
    });
    expect([report.verdict, outcomes(report)]).toEqual(['INTACT', ['rfc3161 covers']]);
  });

  it('adds nothing without its root, and the report says why', async () => {
    const report = await verify(log, { anchors: [stamp(head)] });
    expect([report.verdict, outcomes(report)]).toEqual(['INTACT_BUT_UNANCHORED', ['rfc3161 unverified']]);
    expect(report.anchors?.[0]).toMatchObject({
      time: null,
      adds: expect.stringContaining('CN=root is missing') as string,
    });
  });

  it.each([
    ['the hash of an earlier record', () => stamp(hashAt(39)), 39],
    ['the file when it was shorter', () => stamp(`${lines.slice(0, 30).join('\n')}\n`), 29],
    [
      'the file when it was shorter, without its last line feed',
      () => stamp(lines.slice(0, 30).join('\n')),
      29,
    ],
  ])('over %s covers the log up to there', async (_, make, index) => {
    for (const path of [log, tsa.file(gzipSync(text), 'log.jsonl.gz')]) {
      const report = await verify(path, { anchors: [make()], keys: [root.cert] });
      expect(report.anchors?.[0]).toMatchObject({ outcome: 'covers-part', index });
      expect([report.verdict, report.anchored]).toEqual(['INTACT_BUT_UNANCHORED', false]);
    }
  });

  it('over a head that the log no longer has proves that it was cut off', async () => {
    const report = await verify(cut, { anchors: [stamp(head)], keys: [root.cert] });
    expect([report.verdict, report.anchored, outcomes(report)]).toEqual([
      'TAMPERED',
      false,
      ['rfc3161 conflicts'],
    ]);
    expect(report.findings.map(({ kind, verdict }) => [kind, verdict])).toEqual([
      ['HEAD_MISMATCH', 'TAMPERED'],
    ]);
  });

  it('over a file that states the head makes it a trusted head', async () => {
    const statement = tsa.file(`Head of the log: ${head}\n`, 'statement.txt');
    const anchors = [tsa.reply(authority, tsa.request(statement, 'sha256'))];
    const given = { anchors, keys: [root.cert], data: [statement] };
    expect((await verify(log, given)).verdict).toBe('INTACT');
    expect(outcomes(await verify(cut, given))).toEqual(['rfc3161 conflicts']);
  });

  it('over something else at hand is unrelated', async () => {
    const letter = tsa.file('Dear auditor,\n', 'letter.txt');
    const anchors = [tsa.reply(authority, tsa.request(letter, 'sha256'))];
    const report = await verify(log, { anchors, keys: [root.cert], data: [letter] });
    expect([report.verdict, outcomes(report)]).toEqual(['INTACT_BUT_UNANCHORED', ['rfc3161 unrelated']]);
  });
});

describe('an OpenTimestamps proof', () => {
  // A log whose head stands in a block can't be made; so a statement is stamped whose digest does, and is not at hand.
  const { digest, steps } = stampedInBlock(1);
  const headers = tsa.file(Buffer.concat(BLOCKS.map(({ header }) => header)), 'headers.bin');
  it('that is pending or without its header adds nothing', async () => {
    const proof = tsa.file(
      proofOf(createHash('sha256').update(head).digest(), SHA256, bitcoin(7)),
      'head.ots',
    );
    const report = await verify(log, { anchors: [proof] });
    expect(outcomes(report)).toEqual(['opentimestamps unverified']);
    expect(report.anchors?.[0]?.adds).toContain('header not supplied');
  });
  it('that a block bears out, but over no state of the log, conflicts', async () => {
    const proof = tsa.file(proofOf(digest, ...steps, bitcoin(1)), 'true.ots');
    const report = await verify(log, { anchors: [proof], data: [headers] });
    expect([report.verdict, outcomes(report)]).toEqual(['TAMPERED', ['opentimestamps conflicts']]);
  });
  it('that is refuted adds nothing', async () => {
    const proof = tsa.file(
      proofOf(Buffer.from(head, 'hex'), prepend(Buffer.of(1)), append(Buffer.of(1)), SHA256, bitcoin(1)),
      'false.ots',
    );
    expect(outcomes(await verify(log, { anchors: [proof], data: [headers] }))).toEqual([
      'opentimestamps unverified',
    ]);
  });
});

describe('a checkpoint', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const keyId = hash(
    'sha256',
    Buffer.concat([Buffer.from('log.example\n'), Buffer.of(1), raw]),
    'buffer',
  ).subarray(0, 4);
  const vkey = tsa.file(
    `log.example+${keyId.toString('hex')}+${Buffer.concat([Buffer.of(1), raw]).toString('base64')}\n`,
    'log.vkey',
  );
  const note = (hex: string): string => {
    const body = `log.example/audit\n60\n${Buffer.from(hex, 'hex').toString('base64')}\n`;
    const signature = Buffer.concat([keyId, sign(null, Buffer.from(body), privateKey)]).toString('base64');
    return tsa.file(`${body}\n\u2014 log.example ${signature}\n`, `checkpoint-${hex.slice(0, 6)}`);
  };
  it('that names the head makes the log intact, with its key only', async () => {
    expect(outcomes(await verify(log, { anchors: [note(head)], keys: [vkey] }))).toEqual([
      'checkpoint covers',
    ]);
    const without = await verify(log, { anchors: [note(head)] });
    expect([without.verdict, outcomes(without)]).toEqual([
      'INTACT_BUT_UNANCHORED',
      ['checkpoint unverified'],
    ]);
  });
  it('that names another head conflicts, and one with a wrong signature vouches for nothing', async () => {
    expect(outcomes(await verify(cut, { anchors: [note(head)], keys: [vkey] }))).toEqual([
      'checkpoint conflicts',
    ]);
    const forged = tsa.file(readFileSync(note(head), 'utf8').replace('audit', 'audlt'), 'forged');
    expect(outcomes(await verify(log, { anchors: [forged], keys: [vkey] }))).toEqual([
      'checkpoint unverified',
    ]);
  });
});

describe('an earlier report', () => {
  it('covers the same log, covers a longer one in part, and convicts a shorter one', async () => {
    const earlier = tsa.file(JSON.stringify(await verify(log, {})), 'earlier.json');
    const same = await verify(log, { anchors: [earlier] });
    expect([same.verdict, outcomes(same)]).toEqual(['INTACT', ['report covers']]);
    expect((await verify(cut, { anchors: [earlier] })).verdict).toBe('TAMPERED');
    const short = tsa.file(
      JSON.stringify({ schema: 'probity-findings/1', report: await verify(cut, {}) }),
      'findings.json',
    );
    const longer = await verify(log, { anchors: [short] });
    expect(longer.anchors?.[0]).toMatchObject({ kind: 'report', outcome: 'covers-part', index: 49 });
    expect(longer.verdict).toBe('INTACT_BUT_UNANCHORED');
  });
  it('that failed itself vouches for nothing', async () => {
    const failed = tsa.file(
      JSON.stringify({ ...(await verify(log, {})), verdict: 'TAMPERED' }),
      'failed.json',
    );
    expect(outcomes(await verify(log, { anchors: [failed] }))).toEqual(['report unverified']);
  });
});

describe('heads and other files', () => {
  it('a listing, and a picture of a QR code', async () => {
    const modules = encodeQR(head, 'raw', { border: 4, scale: 4 });
    const data = Uint8Array.from(modules.flat(), (dark) => (dark ? 0 : 255));
    const png = tsa.file(
      encode({ width: modules.length, height: modules.length, channels: 1, data }),
      'head.png',
    );
    for (const anchor of [png, tsa.file(`${head}  log.jsonl\n`, 'SHA256SUMS')]) {
      const report = await verify(log, { anchors: [anchor] });
      expect([report.verdict, outcomes(report)]).toEqual(['INTACT', ['head covers']]);
    }
    expect(outcomes(await verify(cut, { anchors: [png] }))).toEqual(['head conflicts']);
  });
  it('what is no evidence is said to be none, and changes nothing', async () => {
    const jpeg = tsa.file(Buffer.from('ffd8ffe000104a46494600', 'hex'), 'head.jpg');
    const report = await verify(log, {
      anchors: [root.cert, tsa.file('hello', 'hello.txt'), jpeg, stamp(head)],
      keys: [],
    });
    expect(outcomes(report)).toEqual([
      'unknown unverified',
      'unknown unverified',
      'head unverified',
      'rfc3161 covers',
    ]);
    expect(report.verdict).toBe('INTACT');
  });
  it('several pieces are each answered, in the order given', async () => {
    const report = await verify(log, {
      anchors: [tsa.file(hashAt(10), 'old.txt'), stamp(head)],
      keys: [root.cert],
    });
    expect(outcomes(report)).toEqual(['head covers-part', 'rfc3161 covers']);
    expect([report.verdict, report.anchored]).toEqual(['INTACT', true]);
  });
  it('a folder of logs is raised when each log is covered', async () => {
    const folder = new Tsa();
    try {
      const second = Buffer.concat([...makeChunks({ seed: 9, count: 5 })]).toString('utf8');
      writeFileSync(folder.path('a.jsonl'), text);
      writeFileSync(folder.path('b.jsonl'), second);
      const end = (JSON.parse(second.trimEnd().split('\n').at(-1) ?? '{}') as { chain_hash: string })
        .chain_hash;
      const one = await verify(folder.folder, { anchors: [stamp(head)], keys: [root.cert] });
      expect([one.verdict, one.anchored, outcomes(one)]).toEqual([
        'INTACT_BUT_UNANCHORED',
        false,
        ['rfc3161 covers'],
      ]);
      const both = await verify(folder.folder, { anchors: [stamp(head), stamp(end)], keys: [root.cert] });
      expect([both.verdict, both.anchored]).toEqual(['INTACT', true]);
    } finally {
      folder.remove();
    }
  });
});

describe('a format that compares checkpoints itself', () => {
  const tiles = `${SHARED_DATA}/audit/tlog-tiles`;
  it.skipIf(!hasSamples('audit/tlog-tiles'))(
    'is not told that an older one conflicts, nor answered twice',
    async () => {
      const keys = [`${tiles}/genuine/vkeys.txt`];
      const older = await verify(`${tiles}/genuine`, {
        anchors: [`${tiles}/genuine/checkpoint-900-older`],
        keys,
      });
      expect([older.verdict, outcomes(older)]).toEqual(['INTACT', ['checkpoint covers-part']]);
      const fork = await verify(`${tiles}/genuine`, { anchors: [`${tiles}/FORK/checkpoint`], keys });
      expect([fork.verdict, outcomes(fork)]).toEqual(['FORK', ['checkpoint conflicts']]);
    },
  );
});
