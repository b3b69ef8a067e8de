// Signed notes, checkpoints and fork proofs: every signature type, every malformation, and heads that conflict.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consistencyProof } from '../../../shared/chain/merkle.ts';
import { merkleProof } from '../../../electron/modules/audit/engine/merkle/merkle-proof.ts';
import { sha256 } from '../../../electron/modules/audit/engine/merkle/sha256.ts';
import { compareCheckpoints } from '../../../electron/modules/audit/engine/signed-note/compare-checkpoints.ts';
import { forkProof } from '../../../electron/modules/audit/engine/signed-note/fork-proof.ts';
import { readKeys } from '../../../electron/modules/audit/engine/signed-note/keys.ts';
import { isNote, parseNote } from '../../../electron/modules/audit/engine/signed-note/note.ts';
import { signedNote } from '../../../electron/modules/audit/engine/signed-note/signed-note.ts';
import {
  checkpointText,
  ecdsaSigner,
  ed25519Signer,
  postQuantumWitness,
  signNote,
  treeHeadSigner,
  witnessSigner,
} from '../../fixtures/transparency/note-keys.ts';
import { checkpointOf, entriesOf, leafOf, naiveRoot } from '../../fixtures/transparency/tile-log.ts';
import { fileSource, folderSource, graveOf, reportOf } from '../../fixtures/transparency/source.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

const ORIGIN = 'example.com/log';
const log = ed25519Signer(ORIGIN);
const root = naiveRoot(entriesOf(7).map(leafOf));
const text = checkpointText(ORIGIN, 7, root);

describe('signatures', () => {
  test.each([
    ['Ed25519', log],
    ['ECDSA P-256', ecdsaSigner(ORIGIN)],
    ['an RFC 6962 tree head', treeHeadSigner(ORIGIN, 1_700_000_000_000)],
  ])('%s: genuine is intact, any altered byte of the text is not', async (_, signer) => {
    const note = signNote(text, [signer]);
    const keys = { 'vkeys.txt': `${signer.vkey}\n` };
    const report = await reportOf(signedNote, fileSource('checkpoint', note), { keys });
    expect([report.verdict, report.anchored, report.findings]).toEqual(['INTACT', true, []]);
    const altered = note.replace('\n7\n', '\n8\n');
    const broken = await reportOf(signedNote, fileSource('checkpoint', altered), { keys });
    expect([broken.verdict, graveOf(broken)]).toEqual(['TAMPERED', ['SIGNATURE_INVALID 0 checkpoint']]);
  });

  test.each([
    ['Ed25519 cosignature', witnessSigner('witness.example/w', 1_700_000_000)],
    ['ML-DSA-44 cosignature', postQuantumWitness('witness.example/pq', 1_700_000_000)],
  ])('%s: valid beside the log’s, with its time; a changed time is found', async (_, witness) => {
    const note = signNote(text, [log, witness]);
    const keys = { k: `${log.vkey}\n${witness.vkey}\n` };
    const report = await reportOf(signedNote, fileSource('c', note), { keys });
    expect(report.verdict).toBe('INTACT');
    expect(report.proves.join(' ')).toContain(`the witness ${witness.name} (at 2023-11-14T22:13:20Z)`);
    const line = note.split('\n').findIndex((each) => each.includes(witness.name));
    const lines = note.split('\n');
    const blob = Buffer.from((lines[line] ?? '').split(' ')[2] ?? '', 'base64');
    blob.writeUInt8(blob.readUInt8(11) ^ 1, 11);
    lines[line] = `\u2014 ${witness.name} ${blob.toString('base64')}`;
    const moved = await reportOf(signedNote, fileSource('c', lines.join('\n')), { keys });
    expect(graveOf(moved)).toEqual(['SIGNATURE_INVALID 0 c']);
    const witnessOnly = await reportOf(signedNote, fileSource('c', note), { keys: { k: witness.vkey } });
    expect([witnessOnly.verdict, graveOf(witnessOnly)]).toEqual(['UNVERIFIABLE', ['KEY_MISSING 0 c']]);
  });

  test('of unknown keys are ignored, and none known is said', async () => {
    const note = signNote(text, [log, ed25519Signer('other.example')]);
    const report = await reportOf(signedNote, fileSource('c', note), { keys: { k: log.vkey } });
    expect(report.verdict).toBe('INTACT');
    expect(report.doesNotProve.join(' ')).toContain('other.example');
    const none = await reportOf(signedNote, fileSource('c', note));
    expect([none.verdict, graveOf(none), none.anchored]).toEqual([
      'UNVERIFIABLE',
      ['KEY_MISSING 0 c'],
      false,
    ]);
  });

  test('under an altered key ID are found to be so, where the key is known by name', async () => {
    const [head, line = ''] = signNote(text, [log]).split('\n\n');
    const blob = Buffer.from(line.trim().split(' ')[2] ?? '', 'base64');
    blob.writeUInt8(blob.readUInt8(0) ^ 1, 0);
    const note = `${head}\n\n\u2014 ${ORIGIN} ${blob.toString('base64')}\n`;
    const report = await reportOf(signedNote, fileSource('c', note), { keys: { k: log.vkey } });
    expect([report.verdict, graveOf(report)]).toEqual(['TAMPERED', ['SIGNATURE_INVALID 0 c']]);
  });

  test('keys that contradict themselves are named, and not used', async () => {
    const vkey = log.vkey.replace(/\+[0-9a-f]{8}\+/u, '+00000000+');
    const report = await reportOf(signedNote, fileSource('c', signNote(text, [log])), {
      keys: { 'k.txt': vkey },
    });
    expect(report.verdict).toBe('UNVERIFIABLE');
    expect(report.findings.find(({ path }) => path === 'k.txt')?.kind).toBe('MALFORMED');
  });
});

describe('malformed notes', () => {
  const good = signNote('a\n', [log]);
  test.each([
    ['a control character', `\u0001${good}`],
    ['a carriage return', good.replaceAll('\n', '\r\n')],
    ['no final line feed', good.slice(0, -1)],
    ['no blank line', good.replace('\n\n', '\n')],
    ['no signature', 'a\n\n'],
    ['a line after the signatures', `${good}x\n`],
    ['bad base64', good.replace(/=*\n$/u, '!\n')],
    ['a plus in the name', good.replace(ORIGIN, 'a+b')],
    ['a signature too short', 'a\n\n\u2014 n AAAA\n'],
  ])('%s is refused before any key', async (_, note) => {
    expect(isNote(parseNote(Buffer.from(note)))).toBe(false);
    const report = await reportOf(signedNote, fileSource('n', note), { keys: { k: log.vkey } });
    expect([report.verdict, graveOf(report)]).toEqual(['UNVERIFIABLE', ['MALFORMED 0 n']]);
  });

  test('invalid UTF-8 is refused', () => {
    expect(isNote(parseNote(Buffer.concat([Buffer.from([0xff]), Buffer.from(good)])))).toBe(false);
  });

  test('no bytes whatever, and no truncation, make the parser throw or a signature hold', () => {
    for (let end = 0; end < Buffer.byteLength(good); end += 1)
      expect(isNote(parseNote(Buffer.from(good).subarray(0, end)))).toBe(false);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        parseNote(bytes);
        readKeys([{ name: 'k', bytes }]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('two heads of one log', () => {
  const entries = entriesOf(20);
  const others = entriesOf(20, ' otherwise');
  const head = (list: readonly Buffer[], size: number) => ({
    name: `head-${size}`,
    bytes: checkpointOf(ORIGIN, list.slice(0, size), [log]),
  });
  const { keys } = readKeys([{ name: 'k', bytes: Buffer.from(log.vkey) }]);
  const proofOf = (list: readonly Buffer[], size1: number, size2: number) => {
    const leaves = list.map(leafOf);
    const [root1, root2] = [naiveRoot(leaves.slice(0, size1)), naiveRoot(leaves.slice(0, size2))];
    return { size1, size2, root1, root2, proof: consistencyProof(sha256, leaves, size1, size2) };
  };

  test('are the same, consistent, forked or not comparable', () => {
    expect(compareCheckpoints(head(entries, 9), head(entries, 9), keys).outcome).toBe('same');
    expect(compareCheckpoints(head(entries, 9), head(others, 9), keys).outcome).toBe('fork');
    expect(compareCheckpoints(head(entries, 9), head(entries, 20), keys).outcome).toBe('unproven');
    const proof = proofOf(entries, 9, 20);
    expect(compareCheckpoints(head(entries, 20), head(entries, 9), keys, proof).outcome).toBe('consistent');
    expect(compareCheckpoints(head(others, 9), head(entries, 20), keys, proof).outcome).toBe('fork');
    expect(compareCheckpoints(head(others, 9), head(entries, 20), keys, proofOf(others, 9, 20)).outcome).toBe(
      'unproven',
    );
    expect(compareCheckpoints(head(entries, 9), head(others, 9), []).outcome).toBe('unsigned');
    const foreign = { name: 'f', bytes: checkpointOf('example.com/other', entries, [log]) };
    expect(compareCheckpoints(head(entries, 9), foreign, keys).outcome).toBe('unrelated');
  });

  test('that conflict make a proof that stands alone, and falls with any change', async () => {
    for (const document of [
      compareCheckpoints(head(entries, 9), head(others, 9), keys).forkProof,
      compareCheckpoints(head(others, 9), head(entries, 20), keys, proofOf(entries, 9, 20)).forkProof,
    ]) {
      const proof = document ?? '';
      const alone = await reportOf(forkProof, fileSource('fork.json', proof));
      expect([alone.verdict, alone.anchored, graveOf(alone)]).toEqual(['FORK', false, ['FORK 1 fork.json']]);
      const known = await reportOf(forkProof, fileSource('fork.json', proof), { keys: { k: log.vkey } });
      expect([known.verdict, known.anchored]).toEqual(['FORK', true]);
      const swapped = JSON.parse(proof) as { checkpoints: string[] };
      swapped.checkpoints = swapped.checkpoints.map((note) => note.replace(/\n\d+\n/u, '\n8\n'));
      const broken = await reportOf(forkProof, fileSource('fork.json', JSON.stringify(swapped)));
      expect(broken.findings.some(({ kind }) => kind === 'FORK')).toBe(false);
      expect(broken.verdict).toBe('TAMPERED');
    }
    const honest = JSON.parse(
      compareCheckpoints(head(entries, 9), head(others, 9), keys).forkProof ?? '',
    ) as {
      checkpoints: string[];
    };
    honest.checkpoints = [honest.checkpoints[0] ?? '', honest.checkpoints[0] ?? ''];
    const none = await reportOf(forkProof, fileSource('fork.json', JSON.stringify(honest)));
    expect(none.verdict).toBe('UNVERIFIABLE');
  });

  test('are compared when one is given as data or key, or lies in the same folder', async () => {
    const given = { keys: { k: log.vkey }, data: [fileSource('theirs', head(others, 9).bytes)] };
    const report = await reportOf(signedNote, fileSource('ours', head(entries, 9).bytes), given);
    expect([report.verdict, report.forkProof !== undefined]).toEqual(['FORK', true]);
    const files = new Map([
      ['a', head(entries, 9).bytes],
      ['b', head(others, 9).bytes],
      ['vkeys.txt', Buffer.from(log.vkey)],
    ]);
    const folder = await reportOf(signedNote, folderSource('heads', files));
    expect([folder.verdict, graveOf(folder)]).toEqual(['FORK', ['FORK 1 b']]);
    expect(folder.doesNotProve.join(' ')).toContain('same folder');
  });

  test('a trusted root decides', async () => {
    const source = fileSource('c', head(entries, 9).bytes);
    const right = Buffer.from(naiveRoot(entries.slice(0, 9).map(leafOf))).toString('hex');
    const keys2 = { k: log.vkey };
    expect((await reportOf(signedNote, source, { keys: keys2, heads: [right] })).verdict).toBe('INTACT');
    const wrong = await reportOf(signedNote, source, { keys: keys2, heads: ['00'.repeat(32)] });
    expect(graveOf(wrong)).toEqual(['HEAD_MISMATCH - -']);
  });
});

test('a Merkle proof is unanchored until a signed checkpoint or a given root stands behind it', async () => {
  const leaves = entriesOf(7).map(leafOf);
  const [first = Buffer.alloc(0)] = leaves;
  const proof = consistencyProof(sha256, leaves, 3, 7);
  const document = {
    size1: 3,
    size2: 7,
    root1: naiveRoot(leaves.slice(0, 3)).toString('base64'),
    root2: root.toString('base64'),
    proof: proof.map((hash) => Buffer.from(hash).toString('base64')),
  };
  const source = fileSource('proof.json', JSON.stringify(document));
  expect((await reportOf(merkleProof, source)).verdict).toBe('INTACT_BUT_UNANCHORED');
  expect((await reportOf(merkleProof, source, { heads: [root.toString('hex')] })).verdict).toBe('INTACT');
  const given = { keys: { k: log.vkey, c: signNote(text, [log]) } };
  expect((await reportOf(merkleProof, source, given)).verdict).toBe('INTACT');
  const wrong = { ...document, root1: first.toString('base64'), wantErr: true };
  const report = await reportOf(merkleProof, fileSource('proof.json', JSON.stringify(wrong)));
  expect([report.verdict, graveOf(report)]).toEqual(['TAMPERED', ['CHAIN_HASH_MISMATCH 0 proof.json']]);
});

test.skipIf(!hasSamples('audit/signed-note'))('the samples come out as their read-me says', async () => {
  const folder = join(SHARED_DATA, 'audit/signed-note');
  const keys = { 'vkeys.txt': readFileSync(join(folder, 'vkeys.txt')) };
  const verdictOf = async (name: string): Promise<string> =>
    (await reportOf(signedNote, fileSource(name, readFileSync(join(folder, name))), { keys })).verdict;
  for (const name of ['sumdb-63096908.note', 'c2sp-example.note', 'peter.note', 'peter-enoch.note'])
    expect([name, await verdictOf(name)]).toEqual([name, 'INTACT']);
  for (const name of ['TAMPERED-sumdb-size.note', 'TAMPERED-peter-keyid.note'])
    expect([name, await verdictOf(name)]).toEqual([name, 'TAMPERED']);
  for (const name of ['MALFORMED-control-char.note', 'MALFORMED-no-final-newline.note'])
    expect([name, await verdictOf(name)]).toEqual([name, 'UNVERIFIABLE']);
});
