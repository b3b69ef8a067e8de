// The release flavour's command line with no display: verdicts, exit codes, the sample job, and stock tools on its pack.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packaged, runOutside } from '../support/packaged.ts';
import { hasSamples, SHARED_DATA } from '../support/shared-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'probity-cli-'));
const { launcher } = packaged('release');
const probity = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runOutside(launcher, args, { XDG_CONFIG_HOME: join(folder, 'config'), ...env });
const has = (program: string): boolean => spawnSync('which', [program]).status === 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(hasSamples('audit/seed-chain'))('the seed chain samples', () => {
  const samples = join(SHARED_DATA, 'audit', 'seed-chain');
  const expected = JSON.parse(readFileSync(join(samples, 'expected.json'), 'utf8'));
  const verify = (name: string, ...more: string[]) => {
    const ran = probity(['audit', 'verify', join(samples, `${name}.jsonl`), '--json', ...more]);
    return { code: ran.code, report: JSON.parse(ran.stdout) };
  };

  test.each(Object.keys(expected))('%s gets its right verdict and place', (name) => {
    const right = expected[name];
    const anchored = right.verdict === 'INTACT' ? ['--head', right.head_chain_hash] : [];
    const { code, report } = verify(name, ...anchored);
    expect(report).toMatchObject({ verdict: right.verdict, records: right.records });
    expect(code).toBe(['TAMPERED', 'FORK'].includes(right.verdict) ? 1 : 0);
    if (right.where?.index !== undefined)
      expect(report.findings.map((finding: { index: number }) => finding.index)).toContain(right.where.index);
  });

  test('a cut tail and a rewritten chain are unanchored alone, TAMPERED against the trusted head', () => {
    const head = expected.genuine.head_chain_hash;
    expect(verify('truncate-tail', '--head', head)).toMatchObject({
      code: 1,
      report: { verdict: 'TAMPERED' },
    });
    expect(verify('genuine')).toMatchObject({
      code: 0,
      report: { verdict: 'INTACT_BUT_UNANCHORED', anchored: false },
    });
  });
});

describe.runIf(hasSamples('audit/cloudtrail'))('the CloudTrail samples', () => {
  test.each([
    ['genuine', 'INTACT', 0],
    ['no-s3-metadata', 'INTACT_BUT_UNANCHORED', 0],
    ['tail-removed', 'PARTIAL_INTACT', 0],
    ['log-modified', 'TAMPERED', 1],
    ['log-deleted', 'TAMPERED', 1],
    ['digest-deleted-1', 'TAMPERED', 1],
    ['resigned-wrong-key', 'TAMPERED', 1],
  ])('%s is %s', (name, verdict, code) => {
    const ran = probity(['audit', 'verify', join(SHARED_DATA, 'audit', 'cloudtrail', name), '--json']);
    expect(JSON.parse(ran.stdout).verdict).toBe(verdict);
    expect(ran.code).toBe(code);
  });
});

describe('wrong usage and unreadable input', () => {
  test.each([
    [['audit', 'verify', join(folder, 'nothing.jsonl')], 'file.not_found', 2],
    [['audit', 'verify'], 'usage.invalid', 2],
    [['audit', 'conquer'], 'usage.invalid', 2],
    [['audit', 'verify', folder, '--colour', 'red'], 'usage.invalid', 2],
    [['case', 'list', '--workspace', join(folder, 'nothing.probity')], 'workspace.not_found', 2],
    [['pack', 'verify', launcher], 'evidence.not_a_pack', 2],
  ] as const)('%j ends in %s with exit code %d and says what to do', (args, code, exit) => {
    const ran = probity(args, { PROBITY_PASSPHRASE: 'whatever' });
    expect(ran.stderr).toContain(`[${code}]`);
    expect(ran.code).toBe(exit);
    expect(ran.stdout).toBe('');
  });
});

describe('the sample job', () => {
  const out = join(folder, 'sample');
  let result: ReturnType<typeof probity>;
  beforeAll(() => {
    result = probity(['sample', 'run', '--out', out, '--json']);
  });

  test('finds the tampering, makes report, pack and journal, and ends well', () => {
    expect(result.stderr).not.toContain('[');
    expect(result.code).toBe(0);
    const { tampered, trail, checked } = JSON.parse(result.stdout);
    expect([tampered.verdict, trail.verdict, checked.verdict]).toEqual(['TAMPERED', 'TAMPERED', 'VALID']);
    expect(readFileSync(join(out, 'report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test.runIf(has('openssl') && has('unzip'))(
    'its pack is accepted by unzip, sha256sum and openssl cms, and refused by them after a change',
    () => {
      const unpacked = join(folder, 'unpacked');
      expect(spawnSync('unzip', ['-q', join(out, 'evidence.zip'), '-d', unpacked]).status).toBe(0);
      const bag = join(unpacked, readdirSync(unpacked)[0] ?? '');
      const inBag = (command: string, args: string[]) =>
        spawnSync(command, args, { cwd: bag, encoding: 'utf8' });
      const cms = () =>
        inBag('openssl', [
          'cms',
          '-verify',
          '-binary',
          '-inform',
          'PEM',
          '-in',
          'signatures/tagmanifest-sha256.txt.p7s',
          '-content',
          'tagmanifest-sha256.txt',
          '-CAfile',
          join(out, 'root.pem'),
          '-out',
          '/dev/null',
        ]);
      expect(inBag('sha256sum', ['--strict', '--quiet', '-c', 'tagmanifest-sha256.txt']).status).toBe(0);
      expect(inBag('sha256sum', ['--strict', '--quiet', '-c', 'manifest-sha256.txt']).status).toBe(0);
      expect(cms()).toMatchObject({ status: 0 });
      appendFileSync(join(bag, 'data', 'index.html'), ' ');
      expect(inBag('sha256sum', ['--strict', '--quiet', '-c', 'manifest-sha256.txt']).status).not.toBe(0);
      appendFileSync(join(bag, 'tagmanifest-sha256.txt'), '\n');
      expect(cms().status).not.toBe(0);
    },
  );

  test('its journal verifies as a Guardian chain, and one changed word in it is found', () => {
    const journal = join(out, 'journal.jsonl');
    const last = JSON.parse(readFileSync(journal, 'utf8').trimEnd().split('\n').at(-1) ?? '{}');
    expect(
      JSON.parse(probity(['audit', 'verify', journal, '--json', '--head', last.chain_hash]).stdout).verdict,
    ).toBe('INTACT');
    const altered = join(folder, 'altered.jsonl');
    writeFileSync(altered, readFileSync(journal, 'utf8').replace('"success"', '"denied"'));
    expect(probity(['audit', 'verify', altered]).code).toBe(1);
  });

  test('its workspace opens again with the passphrase only', () => {
    const workspace = join(out, 'sample.probity');
    const list = (passphrase: string) =>
      probity(['case', 'list', '--json', '--workspace', workspace], { PROBITY_PASSPHRASE: passphrase });
    expect(list('not the passphrase, really')).toMatchObject({ code: 3, stdout: '' });
    const [subject] = JSON.parse(list(readFileSync(join(out, 'passphrase.txt'), 'utf8').trim()).stdout);
    expect(subject.reference).toBe('MH-AUD-2026-031');
  });

  test('a pack whose bytes were changed is INVALID with exit code 1', () => {
    const bytes = readFileSync(join(out, 'evidence.zip'));
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const broken = join(folder, 'broken.zip');
    writeFileSync(broken, bytes);
    const ran = probity(['pack', 'verify', broken, '--root', join(out, 'root.pem'), '--json']);
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      verdict: 'INVALID',
      pack: { sha256: createHash('sha256').update(bytes).digest('hex') },
    });
  });
});
