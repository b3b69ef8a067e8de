// OpenTimestamps proofs: parsed to the letter, proven by real block headers, refuted by them, and never more than that.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownHash } from '../../../electron/modules/audit/engine/opentimestamps/block-headers.ts';
import { opentimestamps } from '../../../electron/modules/audit/engine/opentimestamps/opentimestamps.ts';
import {
  MAGIC,
  ProofFault,
  readProof,
} from '../../../electron/modules/audit/engine/opentimestamps/read-proof.ts';
import type { Source } from '../../../electron/ports/source.ts';
import { openDiskSource } from '../../../electron/ports/disk-source.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';
import {
  BLOCKS,
  SHA256,
  append,
  bitcoin,
  ethereum,
  fork,
  pending,
  proofOf,
  sha256,
  stampedInBlock,
  unknown,
  varuint,
} from '../../fixtures/timestamps/ots.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

const verify = async (source: Source, data: readonly Source[] = [], heads: readonly string[] = []) =>
  (await opentimestamps.verify(source, { trustedHeads: heads, keys: [], data }, quietRun)).report;
const proofSource = (bytes: Uint8Array, name = 'log.txt.ots') => memorySource(bytes, name);
const kinds = (report: Awaited<ReturnType<typeof verify>>) =>
  report.findings.map(({ kind, verdict }) => `${kind} ${verdict ?? '-'}`);

const log = memorySource('a log\n', 'log.txt');
const digest = sha256('a log\n');
const raw = Buffer.concat([BLOCKS[0].header, BLOCKS[1].header]);
const lines = BLOCKS.map(({ header }, height) => `${height} ${header.toString('hex')}`).join('\n');
const explorer = JSON.stringify({
  id: '00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048',
  height: 1,
  version: 1,
  timestamp: 1231469665,
  bits: 486604799,
  nonce: 2573394689,
  merkle_root: '0e3e2357e806b6cdb1f70b54c3a3a17b6714ee1f0e68bebb44a74b1efd512098',
  previousblockhash: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
});

describe('with block headers', () => {
  it.each([
    ['raw from the first block on', raw],
    ['as lines of height and header', lines],
    ['as JSON by height', JSON.stringify({ 1: BLOCKS[1].header.toString('hex') })],
    ['as an explorer gives a block', explorer],
  ])('a proof is borne out by headers %s', async (_, headers) => {
    const { digest: stamped, steps } = stampedInBlock(1);
    const proof = proofSource(proofOf(stamped, ...steps, bitcoin(1)));
    const report = await verify(proof, [memorySource(headers, 'headers')], [stamped.toString('hex')]);
    expect(report).toMatchObject({ verdict: 'INTACT', anchored: true, findings: [] });
    expect(report.proves.join(' ')).toMatch(/Block 1 of Bitcoin.*2009-01-09T02:54:25Z.*2\^32\.0 hashes/u);
  });

  it('what is pending or unknown beside a proven attestation holds nothing back', async () => {
    const { digest: stamped, steps } = stampedInBlock(0);
    const proof = proofOf(
      stamped,
      fork,
      pending('https://a.example'),
      fork,
      unknown(Buffer.from('x')),
      ...steps,
      bitcoin(0),
    );
    const report = await verify(proofSource(proof), [memorySource(raw, 'h')], [stamped.toString('hex')]);
    expect(report.verdict).toBe('INTACT');
    expect(kinds(report)).toEqual(['KEY_MISSING -', 'KEY_MISSING -']);
  });

  it('a proof that leads to another Merkle root is refuted', async () => {
    const report = await verify(proofSource(proofOf(digest, SHA256, bitcoin(1))), [
      memorySource(raw, 'h'),
      log,
    ]);
    expect(kinds(report)).toEqual(['HEAD_MISMATCH TAMPERED']);
    expect(report.findings[0]?.expected).toBe(
      '0e3e2357e806b6cdb1f70b54c3a3a17b6714ee1f0e68bebb44a74b1efd512098',
    );
  });

  it.each([
    ['a header without its work', Buffer.from(lines.replace('01e36299', '02e36299'))],
    [
      'raw headers that do not link',
      Buffer.concat([BLOCKS[0].header, Buffer.from(BLOCKS[1].header).fill(7, 4, 36)]),
    ],
    [
      'raw headers that do not begin with Bitcoin’s first block',
      Buffer.from(BLOCKS[0].header).fill(9, 36, 68),
    ],
  ])('%s proves and refutes nothing', async (_, headers) => {
    const { digest: stamped, steps } = stampedInBlock(1);
    const report = await verify(
      proofSource(proofOf(stamped, ...steps, bitcoin(1))),
      [memorySource(headers, 'h')],
      [stamped.toString('hex')],
    );
    expect(kinds(report)).toEqual(['KEY_MISSING UNVERIFIABLE']);
    expect(report.anchored).toBe(false);
  });
});

describe('without block headers', () => {
  it('a Bitcoin attestation says block and Merkle root, and that the header is missing', async () => {
    const report = await verify(proofSource(proofOf(digest, SHA256, bitcoin(800_000))), [log]);
    expect(kinds(report)).toEqual(['KEY_MISSING UNVERIFIABLE']);
    expect(report.findings[0]?.message).toContain(
      `block 800000, Merkle root ${shownHash(sha256(digest))} (header not supplied)`,
    );
  });
  it.each([
    ['pending', pending('https://alice.example'), 'https://alice.example'],
    ['unknown', unknown(Buffer.from('zz')), '0102030405060708'],
    ['of Ethereum', ethereum(5), 'Ethereum block 5'],
  ])('an attestation that is %s is unverifiable and named', async (_, step, words) => {
    const report = await verify(proofSource(proofOf(digest, append(Buffer.of(1)), step)), [log]);
    expect(kinds(report)).toEqual(['KEY_MISSING UNVERIFIABLE']);
    expect(report.findings[0]?.message).toContain(words);
  });
  it('another file is not what was stamped, and no file is missing data', async () => {
    const proof = proofSource(proofOf(digest, bitcoin(1)));
    expect(kinds(await verify(proof, [memorySource('altered\n', 'log.txt')]))).toContain(
      'LOG_HASH_MISMATCH TAMPERED',
    );
    expect(kinds(await verify(proof))).toEqual(['KEY_MISSING UNVERIFIABLE', 'KEY_MISSING UNVERIFIABLE']);
  });
  it('two proofs that name different roots for one block can not both be true', async () => {
    const folder: Source = {
      name: 'proofs',
      kind: 'folder',
      files: [
        ...memorySource(proofOf(digest, SHA256, bitcoin(9)), 'a.txt.ots').files,
        ...memorySource(proofOf(digest, SHA256, SHA256, bitcoin(9)), 'b.txt.ots').files,
      ],
    };
    const report = await verify(folder);
    expect(report.verdict).toBe('FORK');
    expect(report.findings.find(({ kind }) => kind === 'FORK')).toMatchObject({
      index: 1,
      ofIndex: 0,
      path: 'b.txt.ots',
    });
  });
});

describe('hostile proofs', () => {
  const whole = proofOf(
    digest,
    fork,
    append(Buffer.from('abc')),
    SHA256,
    pending('https://a.example'),
    SHA256,
    bitcoin(77),
  );
  it('a proof cut at any byte is truncated, and never crashes', async () => {
    for (let length = 1; length < whole.length; length += 1) {
      const report = await verify(proofSource(whole.subarray(0, length)), [log]);
      expect([length, report.verdict, report.findings[0]?.kind]).toEqual([length, 'GAP', 'TRUNCATED']);
    }
  });
  it.each([
    ['another version', Buffer.concat([MAGIC, Buffer.of(2, 8), digest, bitcoin(1)]), 'MALFORMED'],
    ['an unknown digest', Buffer.concat([MAGIC, Buffer.of(1, 0xf3), digest, bitcoin(1)]), 'MALFORMED'],
    ['an unknown operation', proofOf(digest, Buffer.of(0x68), bitcoin(1)), 'MALFORMED'],
    ['an operand of 4,097 bytes', proofOf(digest, append(Buffer.alloc(4097)), bitcoin(1)), 'MALFORMED'],
    ['a message of 4,097 bytes', proofOf(digest, append(Buffer.alloc(4065)), bitcoin(1)), 'MALFORMED'],
    ['an empty operand', proofOf(digest, Buffer.of(0xf0, 0), bitcoin(1)), 'MALFORMED'],
    [
      '257 operations in a row',
      proofOf(digest, ...Array.from({ length: 257 }, () => SHA256), bitcoin(1)),
      'MALFORMED',
    ],
    ['forks without end', proofOf(digest, Buffer.alloc(100_000, Buffer.of(0xff, 0x08))), 'MALFORMED'],
    ['an attestation of 8,193 bytes', proofOf(digest, unknown(Buffer.alloc(8193))), 'MALFORMED'],
    ['an address with a space', proofOf(digest, pending('https://a b')), 'MALFORMED'],
    [
      'a height without end',
      proofOf(
        digest,
        Buffer.of(0),
        Buffer.from('0588960d73d71901', 'hex'),
        varuint(12),
        Buffer.alloc(12, 0xff),
      ),
      'MALFORMED',
    ],
    ['bytes after the proof', Buffer.concat([whole, Buffer.of(0)]), 'TRAILING_DATA'],
  ])('%s is named', async (_, bytes, kind) => {
    const report = await verify(proofSource(bytes), [log]);
    expect(report.findings.map((finding) => finding.kind)).toContain(kind);
    expect(report.verdict).toBe('UNVERIFIABLE');
  });
  it('256 operations in a row and a message of 4,096 bytes are allowed', () => {
    const steps = Array.from({ length: 255 }, () => SHA256);
    expect(
      readProof(proofOf(digest, append(Buffer.alloc(4064)), ...steps, bitcoin(1))).attestations,
    ).toHaveLength(1);
  });
  it('any bytes behind the magic give a proof or a fault that names its place', () => {
    const tail = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .array(fc.constantFrom(0xff, 0x00, 0x08, 0xf0, 0xf1, 0xf2, 0xf3, 0x02, 0x67, 0x01, 0x80), {
          maxLength: 200,
        })
        .map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(tail, (bytes) => {
        try {
          return readProof(proofOf(digest, bytes)).attestations.length > 0;
        } catch (error) {
          return error instanceof ProofFault && error.offset <= MAGIC.length + 34 + bytes.length;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

const SAMPLES = `${SHARED_DATA}/audit/opentimestamps`;
interface Expected {
  readonly error?: string;
  readonly file_hash?: string;
  readonly attestations?: readonly {
    readonly type: string;
    readonly height_or_uri: string | number;
    readonly merkle_root_or_msg: string;
  }[];
}

describe.skipIf(!hasSamples('audit/opentimestamps'))('the samples', () => {
  it('each gives the digest and the attestations of verdicts.json', () => {
    const expected = Object.entries(
      JSON.parse(readFileSync(`${SAMPLES}/verdicts.json`, 'utf8')) as Record<string, Expected>,
    );
    expect(expected.length).toBeGreaterThan(10);
    for (const [name, { error, file_hash: fileHash, attestations = [] }] of expected) {
      const bytes = readFileSync(`${SAMPLES}/${name}`);
      if (name.startsWith('invalid/')) expect(() => readProof(bytes), name).toThrow(ProofFault);
      // The reference that wrote the verdicts knew no Keccak.
      if (error !== undefined) continue;
      const proof = readProof(bytes);
      expect(`${proof.digest.name}:${proof.hex}`).toBe(fileHash);
      const found = proof.attestations.map(({ kind, height, address, tag, payload, message }) => [
        kind === 'unknown' ? `unknown:${tag}` : kind,
        height ?? address ?? payload.toString('hex'),
        kind === 'bitcoin' ? shownHash(message) : message.toString('hex'),
      ]);
      expect(found.toSorted()).toEqual(
        attestations.map((each) => [each.type, each.height_or_uri, each.merkle_root_or_msg]).toSorted(),
      );
    }
  });
  it('the folder: every proof is unverifiable, and the false one conflicts with the true one', async () => {
    const report = await verify(await openDiskSource(SAMPLES));
    expect([report.records, report.verdict]).toEqual([17, 'FORK']);
    expect(report.findings.filter(({ kind }) => kind === 'LOG_HASH_MISMATCH')).toEqual([]);
  });
});
