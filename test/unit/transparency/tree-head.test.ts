// Signed tree heads of RFC 6962: genuine ones of both algorithms, altered ones, and two that conflict.
import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { treeHead } from '../../../electron/modules/audit/engine/merkle/tree-head.ts';
import { u64 } from '../../fixtures/transparency/note-keys.ts';
import { fileSource, graveOf, reportOf } from '../../fixtures/transparency/source.ts';

const SIGNERS = [
  { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), algorithm: 3 },
  { ...generateKeyPairSync('rsa', { modulusLength: 2048 }), algorithm: 1 },
];
type Signer = (typeof SIGNERS)[number];

const headOf = ({ privateKey, algorithm }: Signer, size: number, root: Buffer, time = 1_700_000_000_000) => {
  const signature = sign(
    'sha256',
    Buffer.concat([Uint8Array.of(0, 1), u64(time), u64(size), root]),
    privateKey,
  );
  const length = Buffer.alloc(2);
  length.writeUInt16BE(signature.length);
  return {
    tree_size: size,
    timestamp: time,
    sha256_root_hash: root.toString('base64'),
    tree_head_signature: Buffer.concat([Uint8Array.of(4, algorithm), length, signature]).toString('base64'),
  };
};

const pem = ({ publicKey }: Signer): string => publicKey.export({ format: 'pem', type: 'spki' }).toString();
const check = (head: object, ...given: Parameters<typeof reportOf>[2][]) =>
  reportOf(treeHead, fileSource('sth.json', JSON.stringify(head)), given[0] ?? {});

test.each(SIGNERS)(
  'a genuine head is intact with its key, and altered in any field it is not',
  async (signer) => {
    const root = Buffer.alloc(32, 5);
    const head = headOf(signer, 42, root);
    const keys = { 'log.pem': pem(signer) };
    expect((await check(head, { keys })).verdict).toBe('INTACT');
    expect((await check(head)).verdict).toBe('UNVERIFIABLE');
    for (const change of [
      { tree_size: 43 },
      { timestamp: 1 },
      { sha256_root_hash: Buffer.alloc(32).toString('base64') },
    ])
      expect(graveOf(await check({ ...head, ...change }, { keys }))).toEqual([
        'SIGNATURE_INVALID 0 sth.json',
      ]);
    expect(graveOf(await check({ ...head, tree_size: -1 }, { keys }))).toEqual(['MALFORMED 0 sth.json']);
    expect((await treeHead.detect(fileSource('x', JSON.stringify(head))))?.format).toBe('ct-tree-head');
    const other = JSON.stringify(headOf(signer, 42, Buffer.alloc(32, 6)));
    const fork = await check(head, { keys, data: [fileSource('theirs.json', other)] });
    expect([fork.verdict, graveOf(fork)]).toEqual(['FORK', ['FORK 0 sth.json']]);
  },
);
