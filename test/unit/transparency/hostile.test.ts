// Whatever the bytes, a transparency format answers with a report or an AppError: no crash, no hang, nothing intact.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ccfReceipt } from '../../../electron/modules/audit/engine/ccf/ccf-receipt.ts';
import type { AuditFormat } from '../../../electron/modules/audit/engine/format.ts';
import { merkleProof } from '../../../electron/modules/audit/engine/merkle/merkle-proof.ts';
import { rekor } from '../../../electron/modules/audit/engine/rekor/rekor.ts';
import { forkProof } from '../../../electron/modules/audit/engine/signed-note/fork-proof.ts';
import { signedNote } from '../../../electron/modules/audit/engine/signed-note/signed-note.ts';
import { goSumdb } from '../../../electron/modules/audit/engine/sumdb/go-sumdb.ts';
import { tlogProof } from '../../../electron/modules/audit/engine/tlog-proof/tlog-proof.ts';
import { tlogTiles } from '../../../electron/modules/audit/engine/tlog-tiles/tlog-tiles.ts';
import type { Source } from '../../../electron/ports/source.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { ed25519Signer } from '../../fixtures/transparency/note-keys.ts';
import { checkpointOf, entriesOf, SUMDB, tileFiles } from '../../fixtures/transparency/tile-log.ts';
import { fileSource, folderSource, reportOf } from '../../fixtures/transparency/source.ts';

const FILES: readonly AuditFormat[] = [
  merkleProof,
  signedNote,
  forkProof,
  tlogProof,
  goSumdb,
  rekor,
  ccfReceipt,
];
const FOLDERS: readonly AuditFormat[] = [tlogTiles, goSumdb, signedNote, tlogProof, merkleProof];

/** The report, or null where the format refuses the source with an AppError. */
const answer = async (format: AuditFormat, source: Source): Promise<VerificationReport | null> => {
  try {
    await format.detect(source);
    return await reportOf(format, source);
  } catch (error) {
    if (isAppError(error)) return null;
    throw error;
  }
};

const MARKS = [
  '{"verificationMaterial":{"tlogEntries":[{}]},"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}',
  '{"leafIdx":0,"treeSize":1,"root":"","leafHash":"","proof":[]}',
  '{"proof":[],"signature":"","cert":"","nodeId":"","leafComponents":{}}',
  '{"type":"probity/fork-proof","version":1,"checkpoints":["",""],"keys":[],"consistency":null}',
  'c2sp.org/tlog-proof@v1\nindex 0\n\na\n0\n\n\u2014 a AAAA\n',
  '7\na v1 h1:x\n\nb\n8\n\n\u2014 a AAAAAAAA\n',
];

test('random bytes, and bytes that begin right, are never intact and never a crash', async () => {
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.constantFrom(...MARKS), fc.nat(400), fc.uint8Array({ maxLength: 8 }))
      .map(([mark, at, noise]) => {
        const bytes = Buffer.from(mark);
        return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at + noise.length)]);
      }),
  );
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      for (const format of FILES) {
        const report = await answer(format, fileSource('x', Buffer.concat([bytes, Buffer.from('.')])));
        expect(report?.verdict).not.toBe('INTACT');
      }
    }),
    { numRuns: 150 },
  );
});

test('JSON of any shape under the right names is answered', async () => {
  const names = [
    'verificationMaterial',
    'tlogEntries',
    'canonicalizedBody',
    'logId',
    'inclusionProof',
    'mediaType',
    'proof',
    'cert',
    'signature',
    'nodeId',
    'leafComponents',
    'root',
    'leafIdx',
    'treeSize',
    'leafHash',
    'size1',
    'size2',
    'root1',
    'root2',
    'receipt',
    'body',
    'logID',
    'rekorBundle',
    'Payload',
    'SignedEntryTimestamp',
    'type',
    'checkpoints',
    'keys',
  ];
  const leaf = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.integer(),
    fc.constant(null),
    fc.boolean(),
    fc.constant([]),
    fc.double(),
  );
  const inner = fc.dictionary(fc.constantFrom(...names), leaf, { maxKeys: 8 });
  const value = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(leaf, inner, fc.array(inner, { maxLength: 3 })),
    { maxKeys: 12 },
  );
  await fc.assert(
    fc.asyncProperty(value, async (json) => {
      for (const format of [rekor, ccfReceipt, merkleProof, forkProof])
        expect((await answer(format, fileSource('x.json', JSON.stringify(json))))?.verdict).not.toBe(
          'INTACT',
        );
    }),
    { numRuns: 200 },
  );
});

test('nesting of 100,000 is refused', async () => {
  const deep = Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  for (const format of FILES)
    expect((await answer(format, fileSource('deep.json', deep)))?.verdict).not.toBe('INTACT');
});

test('folders of tiles with any file cut, grown or garbled are answered, and not intact', async () => {
  const log = ed25519Signer('example.com/log');
  const entries = entriesOf(520);
  for (const layout of [undefined, SUMDB]) {
    const files = tileFiles(entries, layout);
    files.set('checkpoint', checkpointOf('example.com/log', entries, [log]));
    files.set('vkeys.txt', Buffer.from(log.vkey));
    const format = layout === undefined ? tlogTiles : goSumdb;
    expect((await reportOf(format, folderSource('log', files))).verdict).toBe('INTACT');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files.keys()),
        fc.nat(),
        fc.constantFrom('cut', 'grow', 'flip', 'remove'),
        async (path, at, how) => {
          const bytes = Buffer.from(files.get(path) ?? Buffer.alloc(0));
          const copy = new Map(files);
          const place = at % bytes.length;
          if (how === 'cut') copy.set(path, bytes.subarray(0, place));
          else if (how === 'grow') copy.set(path, Buffer.concat([bytes, Buffer.from('grown')]));
          else if (how === 'flip')
            copy.set(
              path,
              Buffer.concat([
                bytes.subarray(0, place),
                Buffer.from([bytes.readUInt8(place) ^ 0x55]),
                bytes.subarray(place + 1),
              ]),
            );
          else copy.delete(path);
          const report = await answer(format, folderSource('log', copy));
          if (path === 'vkeys.txt') return;
          expect([path, how, place, report?.verdict === 'INTACT']).toEqual([path, how, place, false]);
        },
      ),
      { numRuns: 60 },
    );
  }
  for (const format of FOLDERS)
    await answer(
      format,
      folderSource(
        'empty',
        new Map([
          ['tile/0/000', 'x'],
          ['tile/entries/999', 'y'],
        ]),
      ),
    );
});
