// One sample of every family through the packaged command line: what is bundled is what was tested from source.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { packaged, runOutside } from '../support/packaged.ts';
import { hasSamples, SHARED_DATA } from '../support/shared-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'probity-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { launcher } = packaged('release');
const audit = join(SHARED_DATA, 'audit');
const at = (name: string): string => join(audit, name);
const hmacKey = join(folder, 'hmac.key');
writeFileSync(hmacKey, 'sample-hmac-key');

const SEAL_KEY = '6f08c9-72a9b0-580a51-087909/1e6fc8-35a4e900';
const SLOG_KEYS = ['--key', at('syslog-ng-slog/h0.key'), '--key', at('syslog-ng-slog/mac.dat')];
const NOTE_KEYS = ['--key', at('signed-note/vkeys.txt')];
const STAMP = ['--key', at('rfc3161/ca.pem'), '--data', at('rfc3161/seed-head.txt')];
const PROOF = ['--key', at('tlog-proof/vkey.txt'), '--data', at('tlog-proof/leaf.txt')];

/** Path below audit/, further arguments, format, verdict, exit code. */
const CASES: readonly (readonly [string, readonly string[], string, string, number])[] = [
  ['generic-chains/d06-concat-newline.jsonl', [], 'hash-chain', 'INTACT_BUT_UNANCHORED', 0],
  ['generic-chains/d14-hmac.jsonl', [], 'hash-chain', 'UNVERIFIABLE', 0],
  ['generic-chains/d14-hmac.jsonl', ['--key', hmacKey], 'hash-chain', 'INTACT_BUT_UNANCHORED', 0],
  ['generic-chains/d16-csv-comma.csv', [], 'hash-chain', 'INTACT_BUT_UNANCHORED', 0],
  ['journald-fss/genuine-sealed.journal.zst', ['--key', SEAL_KEY], 'journald-fss', 'INTACT', 0],
  ['journald-fss/TAMPERED-truncated.journal.gz', ['--key', SEAL_KEY], 'journald-fss', 'GAP', 1],
  ['syslog-ng-slog/genuine.slog', SLOG_KEYS, 'syslog-ng-slog', 'INTACT', 0],
  ['syslog-ng-slog/TAMPERED-swap.slog', SLOG_KEYS, 'syslog-ng-slog', 'REORDERED', 0],
  ['signed-note/sumdb-63096908.note', NOTE_KEYS, 'signed-note', 'INTACT', 0],
  ['signed-note/TAMPERED-sumdb-size.note', NOTE_KEYS, 'signed-note', 'TAMPERED', 1],
  ['tlog-tiles/genuine', [], 'tlog-tiles', 'INTACT', 0],
  ['tlog-tiles/genuine', ['--anchor', at('tlog-tiles/FORK/checkpoint')], 'tlog-tiles', 'FORK', 1],
  ['tlog-proof/go.sum-database-tree-43930254.tlog-proof', PROOF, 'tlog-proof', 'INTACT', 0],
  ['tlog-proof/TAMPERED-index.tlog-proof', PROOF, 'tlog-proof', 'TAMPERED', 1],
  ['rfc3161/seed-head.tsr', STAMP, 'rfc3161', 'INTACT', 0],
  ['rfc3161/TAMPERED-genTime-year.tsr', STAMP, 'rfc3161', 'TAMPERED', 1],
  ['opentimestamps/hello-world.txt.ots', [], 'opentimestamps', 'UNVERIFIABLE', 0],
  [
    'seed-chain/genuine.jsonl',
    ['--anchor', at('rfc3161/seed-head.tsr'), '--key', at('rfc3161/ca.pem')],
    'guardian-chain',
    'INTACT',
    0,
  ],
];

describe.runIf(hasSamples('audit'))('the packaged command line', () => {
  test.each(CASES)('%s %j is %s: %s', (path, more, format, verdict, code) => {
    const ran = runOutside(launcher, ['audit', 'verify', at(path), '--json', ...more], {
      XDG_CONFIG_HOME: join(folder, 'config'),
    });
    expect(JSON.parse(ran.stdout)).toMatchObject({ format, verdict });
    expect(ran.code).toBe(code);
  });
});
