// Rekor evidence: genuine bundles and entries are intact, and every part that is altered is found out.
import { createHash, sign } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { rekor } from '../../../electron/modules/audit/engine/rekor/rekor.ts';
import { issue } from '../../fixtures/transparency/certificates.ts';
import type { Issued } from '../../fixtures/transparency/certificates.ts';
import {
  apiAnswer,
  envelopeBundle,
  hashedRekord,
  logEntry,
  logPem,
  messageBundle,
  rekorLog,
  trustedRoot,
} from '../../fixtures/transparency/rekor-bundle.ts';
import { fileSource, graveOf, reportOf } from '../../fixtures/transparency/source.ts';
import type { Given } from '../../fixtures/transparency/source.ts';

const TIME = 1_720_000_000;
const ARTEFACT = Buffer.from('the artefact\n');
const log = rekorLog('rekor.example');
let authority: Issued;
let signer: Issued;

beforeAll(async () => {
  authority = await issue({ name: 'Authority' });
  const times = { from: new Date((TIME - 60) * 1000), to: new Date((TIME + 540) * 1000) };
  signer = await issue({ name: 'Signer', issuer: authority, ...times });
});

const trust = (): Given => ({
  keys: { 'trusted_root.json': trustedRoot(log, authority) },
  data: [fileSource('artefact', ARTEFACT)],
});

const check = (document: unknown, given = trust()) =>
  reportOf(rekor, fileSource('bundle.sigstore.json', JSON.stringify(document)), given);

type Json = Record<string, never>;
/** A deep copy, changed. */
const changed = <T>(document: T, change: (copy: T) => void): T => {
  const copy = structuredClone(document);
  change(copy);
  return copy;
};

const flip = (text: string): string => {
  const bytes = Buffer.from(text, 'base64');
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
  return bytes.toString('base64');
};

describe('a bundle', () => {
  test('over a message or an envelope is intact', async () => {
    for (const document of [
      messageBundle(log, signer, ARTEFACT, TIME),
      envelopeBundle(log, signer, ARTEFACT, TIME),
    ]) {
      const report = await check(document);
      expect([report.verdict, report.anchored, report.findings]).toEqual(['INTACT', true, []]);
      expect(report.proves.join(' ')).toContain('artefact is');
    }
  });

  test('is recognised whatever its indentation', async () => {
    const text = JSON.stringify(messageBundle(log, signer, ARTEFACT, TIME), null, 2);
    expect((await rekor.detect(fileSource('x', text)))?.confidence).toBeGreaterThan(0.9);
    expect(await rekor.detect(fileSource('x', '{"a":1}'))).toBeNull();
  });

  const message = () => messageBundle(log, signer, ARTEFACT, TIME);
  type Bundle = ReturnType<typeof messageBundle>;
  const entryOf = (bundle: Bundle) =>
    bundle.verificationMaterial.tlogEntries[0] as unknown as Record<string, Record<string, string>> & {
      canonicalizedBody: string;
      integratedTime: string;
      inclusionProof: { hashes: string[]; rootHash: string; checkpoint: { envelope: string } };
    };

  test.each<[string, (bundle: Bundle) => void]>([
    ['a byte of the body', (b) => void (entryOf(b).canonicalizedBody = flip(entryOf(b).canonicalizedBody))],
    [
      'a hash of the proof',
      (b) => void (entryOf(b).inclusionProof.hashes[1] = flip(entryOf(b).inclusionProof.hashes[1] ?? '')),
    ],
    ['the root', (b) => void (entryOf(b).inclusionProof.rootHash = flip(entryOf(b).inclusionProof.rootHash))],
    [
      'the checkpoint',
      (b) =>
        void (entryOf(b).inclusionProof.checkpoint.envelope = entryOf(
          b,
        ).inclusionProof.checkpoint.envelope.replace('\n10\n', '\n11\n')),
    ],
    ['the time', (b) => void (entryOf(b).integratedTime = String(TIME + 1))],
    [
      'the promise',
      (b) =>
        void ((entryOf(b).inclusionPromise ??= {}).signedEntryTimestamp = flip(
          entryOf(b).inclusionPromise?.signedEntryTimestamp ?? '',
        )),
    ],
    ['the signature', (b) => void (b.messageSignature.signature = flip(b.messageSignature.signature))],
    [
      'the digest',
      (b) => void (b.messageSignature.messageDigest.digest = flip(b.messageSignature.messageDigest.digest)),
    ],
  ])('with %s altered is tampered', async (_, change) => {
    const report = await check(changed(message(), change));
    expect(report.verdict === 'TAMPERED' || report.findings.some(({ kind }) => kind === 'MALFORMED')).toBe(
      true,
    );
    expect(graveOf(report).length).toBeGreaterThan(0);
  });

  test('of another artefact, certificate or time is found out', async () => {
    const other = await check(message(), { ...trust(), data: [fileSource('artefact', 'another')] });
    expect(graveOf(other)).toEqual(['EVENT_HASH_MISMATCH 0 bundle.sigstore.json']);
    const late = await check(messageBundle(log, signer, ARTEFACT, TIME + 10_000));
    expect(graveOf(late)).toContain('SIGNATURE_INVALID 0 bundle.sigstore.json');
    const twin = await issue({ name: 'Signer', issuer: authority });
    const swapped = changed(
      message(),
      (b) => void (b.verificationMaterial.certificate.rawBytes = twin.der.toString('base64')),
    );
    expect((await check(swapped)).verdict).toBe('TAMPERED');
    const stranger = await issue({ name: 'Authority' });
    const foreign = await check(message(), { keys: { 'trusted_root.json': trustedRoot(log, stranger) } });
    expect(foreign.verdict).toBe('UNVERIFIABLE');
    const expired = await check(message(), {
      keys: { 'trusted_root.json': trustedRoot(log, authority, '2024-02-01T00:00:00Z') },
    });
    expect(expired.verdict).toBe('TAMPERED');
  });

  test('without the log’s key says which, and still checks the rest', async () => {
    const report = await check(message(), {});
    expect([report.verdict, graveOf(report)]).toEqual([
      'UNVERIFIABLE',
      ['KEY_MISSING 0 bundle.sigstore.json'],
    ]);
    expect(report.findings[0]?.message).toContain(log.id.toString('hex'));
    const broken = changed(
      message(),
      (b) => void (entryOf(b).inclusionProof.hashes[0] = flip(entryOf(b).inclusionProof.hashes[0] ?? '')),
    );
    expect((await check(broken, {})).verdict).toBe('TAMPERED');
    expect((await check(message(), { keys: { 'rekor.pem': logPem(log) } })).verdict).toBe('INTACT');
  });

  test('that can not be read is a finding, not a crash', async () => {
    for (const change of [
      (b: Json) => void Object.assign(b, { mediaType: 'application/vnd.dev.sigstore.bundle+json;version=9' }),
      (b: Json) => void Object.assign(b, { verificationMaterial: {} }),
      (b: Json) => void Object.assign(b, { messageSignature: { signature: '!' } }),
    ]) {
      const report = await check(changed(message() as unknown as Json, change));
      expect([report.verdict, graveOf(report)]).toEqual([
        'UNVERIFIABLE',
        ['MALFORMED 0 bundle.sigstore.json'],
      ]);
    }
    const whole = Buffer.from(JSON.stringify(message()));
    for (let end = 100; end < whole.length; end += 97) {
      const report = await reportOf(rekor, fileSource('b', whole.subarray(0, end)), trust());
      expect(report.verdict).toBe('UNVERIFIABLE');
    }
  });
});

describe('an entry from the API', () => {
  const entry = () => {
    const digest = createHash('sha256').update(ARTEFACT).digest();
    const body = hashedRekord(digest, sign('sha256', ARTEFACT, signer.privateKey), signer.pem);
    return apiAnswer(log, logEntry(log, body, TIME));
  };

  test('is intact with the log’s key, and bound to its artefact', async () => {
    const given = { keys: { 'rekor.pem': logPem(log) }, data: [fileSource('artefact', ARTEFACT)] };
    const report = await check(entry(), given);
    expect([report.verdict, report.dialect, report.findings]).toEqual(['INTACT', 'Rekor API v1', []]);
    const other = await check(entry(), { ...given, data: [fileSource('artefact', 'x')] });
    expect(other.verdict).toBe('TAMPERED');
  });

  test('with a changed log index is tampered', async () => {
    const document = entry();
    for (const answer of Object.values(document)) answer.logIndex += 1;
    const report = await check(document, { keys: { 'rekor.pem': logPem(log) } });
    expect(graveOf(report)).toEqual(['SIGNATURE_INVALID 0 bundle.sigstore.json']);
  });
});

test('what rekor-cli prints is recognised, and said to leave out the proof', async () => {
  const printed = {
    Body: { HashedRekordObj: {} },
    LogIndex: 1,
    IntegratedTime: 1,
    UUID: 'ab',
    LogID: 'cd'.repeat(32),
  };
  expect((await rekor.detect(fileSource('x', JSON.stringify(printed))))?.format).toBe('rekor');
  const report = await check(printed);
  expect([report.verdict, report.findings[0]?.message.includes('/api/v1/log/entries')]).toEqual([
    'UNVERIFIABLE',
    true,
  ]);
});
