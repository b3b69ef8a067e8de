// The sample pack that another program made: everything verifies, its timestamp too, and stock tools agree.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyPack } from '../../../electron/modules/evidence/engine/verify/verify-pack.ts';
import {
  failedSteps,
  filesOf,
  organisationIdentity,
  run,
  statusOf,
  temporaryFolder,
  zipOfFiles,
} from './support/pack-kit.ts';

const SAMPLE = join(import.meta.dirname, '../../../../shared/data/evidence-pack-sample');
const present = existsSync(SAMPLE);
// oxlint-disable-next-line no-console -- a skipped test must be seen
if (!present) console.warn(`SKIPPED: the sample evidence pack is not there (${SAMPLE})`);
const ZIP = join(SAMPLE, 'evidence-DSR-2026-0001.zip');

describe.skipIf(!present)('the sample pack', () => {
  const root = () => readFile(join(SAMPLE, 'trust/root.pem'));

  it('is valid against its root, which issued the certificate of its timestamp too', async () => {
    const result = await verifyPack(ZIP, await root(), run());
    expect(
      result.steps.filter(({ status }) => status !== 'pass').map(({ id, status }) => `${id} ${status}`),
    ).toEqual([]);
    expect(result.steps.at(-1)?.detail).toContain('2026-11-21T01:57:21Z');
    expect(result.verdict).toBe('VALID');
    expect(result.pack).toMatchObject({
      baggingDate: '2026-11-20',
      files: 5,
      auditLogHead: '967ad9faa0138bae21c7913aed1721b591cb8ab87fd829207cfeffb23f3d6746',
    });
    expect(result.signer?.subject).toContain('Evidence Signer 2026');
  });

  it('is of an unknown signer without its root, as an archive and as a folder', async () => {
    for (const path of [ZIP, join(SAMPLE, 'pack')])
      expect((await verifyPack(path, null, run())).verdict).toBe('VALID_SIGNER_UNKNOWN');
  });

  it('has a timestamp that is not confirmed without a root, and is with one given for timestamps alone', async () => {
    expect(statusOf(await verifyPack(ZIP, null, run()), 'timestamp')).toBe('not-checked');
    const trust = [{ name: 'root.pem', bytes: await root() }];
    const result = await verifyPack(ZIP, null, run(), trust);
    expect([statusOf(result, 'timestamp'), result.verdict]).toEqual(['pass', 'VALID_SIGNER_UNKNOWN']);
  });

  it('is invalid against another root', async () => {
    const result = await verifyPack(ZIP, Buffer.from(organisationIdentity().rootPem), run());
    expect(failedSteps(result)).toEqual(['signer-trust']);
  });

  it('is invalid when its timestamp is that of another file', async () => {
    const folder = await temporaryFolder();
    try {
      const files = await filesOf(ZIP);
      const path = 'signatures/tagmanifest-sha256.txt.tsr';
      const token = files.get(path) ?? Buffer.alloc(0);
      const at = token.indexOf(Buffer.from('84f360a4', 'hex'));
      expect(at).toBeGreaterThan(0);
      token[at] = 0;
      await writeFile(join(folder.path, 'x.zip'), zipOfFiles(files, 'evidence-x/'));
      const result = await verifyPack(join(folder.path, 'x.zip'), await root(), run());
      expect(failedSteps(result)).toEqual(['timestamp']);
      expect(result.verdict).toBe('INVALID');
      expect(statusOf(result, 'signature-cms')).toBe('pass');
    } finally {
      await folder.remove();
    }
  });
});
