// Merkle trees: the engine against RFC 9162 written out naively, and against the published vectors.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  consistencyProof,
  inclusionProof,
  MerkleFrontier,
  merkleRoot,
  ProofCollector,
  proofsFor,
} from '../../../shared/chain/merkle.ts';
import {
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from '../../../shared/chain/merkle-verify.ts';
import {
  checkProof,
  readProofDocument,
} from '../../../electron/modules/audit/engine/merkle/proof-document.ts';
import { sha256 } from '../../../electron/modules/audit/engine/merkle/sha256.ts';
import { naiveConsistency, naivePath, naiveRoot } from '../../fixtures/transparency/tile-log.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

const leaves = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => Buffer.from(sha256(Buffer.from(String(i)))));
const SIZE = fc.integer({ min: 1, max: 300 });
const placed = SIZE.chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));

describe('a tree', () => {
  test('has the root of RFC 9162 at every size on its way', () => {
    const all = leaves(130);
    const frontier = new MerkleFrontier(sha256);
    expect(Buffer.from(frontier.root())).toEqual(naiveRoot([]));
    for (const [i, leaf] of all.entries()) {
      frontier.append(leaf);
      expect(Buffer.from(frontier.root())).toEqual(naiveRoot(all.slice(0, i + 1)));
    }
  });

  test('takes whole subtrees, and only where one can begin', () => {
    const all = leaves(21);
    const frontier = new MerkleFrontier(sha256);
    frontier.appendSubtree(4, naiveRoot(all.slice(0, 16)));
    frontier.appendSubtree(2, naiveRoot(all.slice(16, 20)));
    frontier.append(all[20] as Buffer);
    expect(Buffer.from(frontier.root())).toEqual(naiveRoot(all));
    expect(() => frontier.appendSubtree(1, all[0] as Buffer)).toThrow(RangeError);
  });

  test('grows apart from its copy', () => {
    const all = leaves(9);
    const frontier = new MerkleFrontier(sha256);
    for (const leaf of all.slice(0, 7)) frontier.append(leaf);
    const twin = frontier.copy();
    for (const leaf of all.slice(7)) twin.append(leaf);
    expect(Buffer.from(frontier.root())).toEqual(naiveRoot(all.slice(0, 7)));
    expect(Buffer.from(twin.root())).toEqual(naiveRoot(all));
  });
});

describe('inclusion', () => {
  test('proofs are those of RFC 9162 and verify', () => {
    fc.assert(
      fc.property(placed, ([size, index]) => {
        const all = leaves(size);
        const proof = inclusionProof(sha256, all, index, size);
        expect(proof.map((hash) => Buffer.from(hash))).toEqual(naivePath(index, all));
        expect(verifyInclusion(sha256, all[index] as Buffer, index, size, proof, naiveRoot(all))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('is refused for any other index, leaf, hash, length or root', () => {
    fc.assert(
      fc.property(placed, fc.nat(), ([size, index], salt) => {
        const all = leaves(size);
        const root = naiveRoot(all);
        const leaf = all[index] as Buffer;
        const proof = naivePath(index, all);
        const other = (index + 1 + (salt % Math.max(1, size - 1))) % size;
        if (other !== index) expect(verifyInclusion(sha256, leaf, other, size, proof, root)).toBe(false);
        expect(verifyInclusion(sha256, leaf, size + salt, size, proof, root)).toBe(false);
        expect(verifyInclusion(sha256, root, index, size, [...proof, root], root)).toBe(false);
        expect(verifyInclusion(sha256, leaf, index, size, [...proof, leaf], root)).toBe(false);
        if (proof.length === 0) return;
        expect(verifyInclusion(sha256, leaf, index, size, proof.slice(1), root)).toBe(false);
        const at = salt % proof.length;
        const changed = proof.map((hash, i) =>
          i === at ? Buffer.from(hash.map((b, j) => (j === 0 ? b ^ 1 : b))) : hash,
        );
        expect(verifyInclusion(sha256, leaf, index, size, changed, root)).toBe(false);
        const long = proof.map((hash, i) => (i === at ? Buffer.concat([hash, Buffer.from([0])]) : hash));
        expect(verifyInclusion(sha256, leaf, index, size, long, root)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('proofs for many leaves come out of one pass', () => {
    fc.assert(
      fc.property(SIZE, fc.array(fc.nat(), { maxLength: 12 }), (size, picks) => {
        const all = leaves(size);
        const indexes = picks.map((pick) => pick % size);
        const { root, proofs } = proofsFor(sha256, indexes, size, all);
        expect(Buffer.from(root)).toEqual(naiveRoot(all));
        for (const index of indexes)
          expect(proofs.get(index)?.map((hash) => Buffer.from(hash))).toEqual(naivePath(index, all));
      }),
      { numRuns: 60 },
    );
    expect(() => proofsFor(sha256, [0], 5, leaves(4))).toThrow(RangeError);
    const collector = new ProofCollector(sha256, [9]);
    for (const leaf of leaves(4)) collector.append(leaf);
    expect(() => collector.proof(9)).toThrow(RangeError);
    expect(() => collector.proof(0)).toThrow(RangeError);
  });
});

describe('consistency', () => {
  const pair = SIZE.chain((size) => fc.tuple(fc.integer({ min: 1, max: size }), fc.constant(size)));

  test('proofs are those of RFC 9162 and verify', () => {
    fc.assert(
      fc.property(pair, ([size1, size2]) => {
        const all = leaves(size2);
        const proof = consistencyProof(sha256, all, size1, size2);
        expect(proof.map((hash) => Buffer.from(hash))).toEqual(naiveConsistency(size1, all));
        const root1 = naiveRoot(all.slice(0, size1));
        expect(verifyConsistency(sha256, size1, size2, proof, root1, naiveRoot(all))).toBe(true);
        if (size1 === size2) return;
        expect(verifyConsistency(sha256, size1, size2, proof, naiveRoot(all), root1)).toBe(false);
        expect(verifyConsistency(sha256, size1, size2, proof.slice(1), root1, naiveRoot(all))).toBe(false);
        expect(verifyConsistency(sha256, size1, size2, [...proof, root1], root1, naiveRoot(all))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('from nothing is an error, not a truth', () => {
    const root = naiveRoot(leaves(4));
    expect(verifyConsistency(sha256, 0, 4, [], merkleRoot(sha256, []), root)).toBe(false);
    expect(verifyConsistency(sha256, 0, 0, [], root, root)).toBe(false);
    expect(() => consistencyProof(sha256, leaves(4), 0, 4)).toThrow(RangeError);
  });

  test('of sizes beyond 2^32 is judged with whole numbers', () => {
    const root = leaves(1)[0] as Buffer;
    for (const size of [2 ** 31, 2 ** 32 + 1, 2 ** 53 - 1, 2 ** 53, Number.NaN, -1, 1.5]) {
      expect(verifyConsistency(sha256, 1, size, [root], root, root)).toBe(false);
      expect(verifyInclusion(sha256, root, size - 1, size, [root], root)).toBe(false);
    }
  });
});

interface Vector {
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
  readonly [name: string]: unknown;
}

const bytes = (value: unknown): Buffer => Buffer.from(String(value ?? ''), 'base64');

const holds = (kind: string, vector: Vector): boolean => {
  const proof = (vector.proof ?? []).map(bytes);
  const n = (name: string): number => Number(vector[name]);
  if (kind === 'inclusion')
    return verifyInclusion(
      sha256,
      bytes(vector.leafHash),
      n('leafIdx'),
      n('treeSize'),
      proof,
      bytes(vector.root),
    );
  if (kind === 'subtreeinclusion')
    return verifySubtreeInclusion(
      sha256,
      bytes(vector.leafHash),
      n('leafIdx'),
      [n('start'), n('end')],
      proof,
      bytes(vector.root),
    );
  const roots = [bytes(vector.root1), bytes(vector.root2)] as const;
  return kind === 'consistency'
    ? verifyConsistency(sha256, n('size1'), n('size2'), proof, ...roots)
    : verifySubtreeConsistency(sha256, [n('start'), n('end')], n('size'), proof, ...roots);
};

test.skipIf(!hasSamples('audit/rfc6962-merkle'))('all published vectors come out as they say', () => {
  const folder = join(SHARED_DATA, 'audit/rfc6962-merkle');
  const names = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.json'));
  expect(names.length).toBe(518);
  for (const name of names) {
    const vector = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Vector;
    const [kind = ''] = name.split(/[/\\]/u);
    expect([name, holds(kind, vector)]).toEqual([name, !vector.wantErr]);
    const document = readProofDocument(vector);
    // A size beyond 2^53 is refused in reading.
    const read = document === null || typeof document === 'string' ? false : checkProof(document).holds;
    expect([name, read]).toEqual([name, !vector.wantErr]);
  }
});
