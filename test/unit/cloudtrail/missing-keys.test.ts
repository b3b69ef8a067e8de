// What is missing is named in findings: keys by their fingerprint, the time of backfill digests; and what lay beside the log is no key.
import { describe, expect, it } from 'vitest';
import { cloudtrail } from '../../../electron/modules/audit/engine/cloudtrail/cloudtrail.ts';
import { publicKeyList, writeTrail } from '../../../electron/modules/audit/engine/cloudtrail/write-trail.ts';
import type { VerifyOptions } from '../../../electron/modules/audit/engine/format.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import {
  HOUR,
  START,
  keyList,
  lay,
  otherSigner,
  pathOf,
  signer,
  sourceOf,
  spec,
} from '../../fixtures/cloudtrail/generate.ts';
import type { Folder } from '../../fixtures/cloudtrail/generate.ts';

const run = { signal: new AbortController().signal, progress: () => undefined };
const reportOf = async (folder: Folder, options: Partial<VerifyOptions> = {}): Promise<VerificationReport> =>
  (await cloudtrail.verify(sourceOf(folder), { trustedHeads: [], keys: [], ...options }, run)).report;

describe('a public key that is missing', () => {
  const rotated = writeTrail(spec({ signer: (at) => (at < 3 ? signer : otherSigner) }));

  it('is one finding with its fingerprint and how to get it, however many digests need it', async () => {
    const report = await reportOf(lay([rotated], { keys: keyList([signer]) }));
    const missing = report.findings.filter(({ kind }) => kind === 'KEY_MISSING');
    expect(missing).toMatchObject([{ verdict: 'UNVERIFIABLE', expected: otherSigner.fingerprint }]);
    expect(missing[0]?.message).toMatch(/3 digests.*list-public-keys/u);
    expect(report.verdict).toBe('UNVERIFIABLE');
  });

  it('is none where later digests prove the ones it signed', async () => {
    expect((await reportOf(lay([rotated], { keys: keyList([otherSigner]) }))).findings).toEqual([]);
  });

  it('does not hide damage: a missing log is found without any key', async () => {
    const folder = lay([rotated], { keys: null });
    folder.delete(pathOf(rotated.logs, 4));
    const report = await reportOf(folder);
    expect(report.verdict).toBe('TAMPERED');
    expect(report.findings.map(({ kind }) => kind).toSorted()).toEqual([
      'KEY_MISSING',
      'KEY_MISSING',
      'LOG_MISSING',
    ]);
  });
});

describe('backfill digests', () => {
  const before = writeTrail(spec({ digests: 3 }));
  const after = writeTrail(spec({ digests: 3, start: START + 5 * HOUR }));
  const filled = writeTrail(
    spec({ digests: 2, start: START + 3 * HOUR, backfill: true, signer: () => otherSigner }),
  );
  const keys = keyList([signer, otherSigner]);
  const undated = {
    ...filled,
    metadata: new Map(
      [...filled.metadata].map(([object, fields]) => {
        const dated = Object.entries(fields).filter(([name]) => name !== 'backfill-generation-timestamp');
        return [object, Object.fromEntries(dated)] as const;
      }),
    ),
  };

  it('without the time of their making in their metadata are pointed out, and still checked', async () => {
    const folder = lay([before, after, undated], { keys });
    const report = await reportOf(folder);
    expect(report.findings.filter(({ kind }) => kind === 'DIGEST_INVALID').map(({ path }) => path)).toEqual(
      [0, 1].map((at) => pathOf(filled.digests, at)),
    );
    expect(report.verdict).toBe('INTACT');
    expect(report.anchored).toBe(true);
  });

  it('with it, or without any metadata, are not', async () => {
    for (const metadata of [undefined, null]) {
      const folder = lay([before, after, filled], metadata === undefined ? { keys } : { keys, metadata });
      const report = await reportOf(folder);
      expect(report.findings.map(({ kind }) => kind)).toEqual(['GAP']);
    }
  });

  it('signed with a key that was not valid within an hour of their making are pointed out', async () => {
    // They are made a day after the end of the hour that they cover.
    const made = START + 4 * HOUR + 86_400;
    const sentence = 'outside the validity';
    const saysSo = async (from: number, to: number): Promise<boolean> => {
      const lists = [
        publicKeyList([signer], START - HOUR, START + 99 * HOUR),
        publicKeyList([otherSigner], from, to),
      ];
      const report = await reportOf(lay([before, after, filled], { keys: null }), {
        keys: lists.map((text, at) => ({ name: `${at}.json`, bytes: Buffer.from(text) })),
      });
      expect(report.verdict).toBe('INTACT');
      return report.doesNotProve.join('\n').includes(sentence);
    };
    expect(await saysSo(made - HOUR, made + 2 * HOUR)).toBe(false);
    expect(await saysSo(made + 2 * HOUR + 1, made + 9 * HOUR)).toBe(true);
    expect(await saysSo(START - HOUR, START + 9 * HOUR)).toBe(true);
  });
});

describe('files that lay beside a log', () => {
  const trail = writeTrail(spec());
  const beside = [
    { name: 'README.md', bytes: Buffer.from('# notes') },
    { name: 'keys.json', bytes: Buffer.from(keyList()) },
  ];

  it('may be anything, and are never taken for keys that the user gave', async () => {
    const report = await reportOf(lay([trail], { keys: null }), { keys: beside, keysGiven: 0 });
    expect(report.verdict).toBe('INTACT');
    const given = await reportOf(lay([trail], { keys: null }), { keys: beside.slice(1) });
    expect(report.doesNotProve.length).toBe(given.doesNotProve.length + 1);
    await expect(
      reportOf(lay([trail], { keys: null }), { keys: beside, keysGiven: 2 }),
    ).rejects.toMatchObject({
      code: 'audit.key_invalid',
    });
  });
});
