// The record writer must write what Guardian's Python writes, byte for byte.
import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeGuardianRecord, pyFloat, pythonDumps } from '../../../shared/chain/guardian-record.ts';
import { canonicalPythonJson } from '../../../shared/chain/python-canonical.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';

const sha256Hex = (text: string): string => hash('sha256', text);

const event = {
  event_id: 'e-1',
  timestamp: '2026-01-01T00:00:00.000001',
  event_type: 'model_inference',
  user_id: 'José',
  resource_id: null,
  action: 'infer',
  result: 'success',
  ip_address: null,
  user_agent: '\u{1f600} "x"\u007f',
  additional_data: {
    z: pyFloat(1),
    a: { '\uff61': 1, '\u{1f600}': 2 },
    e: pyFloat(1e-5),
    n: 2n ** 70n,
    l: [true, null],
  },
};

test('writes the record that CPython writes', () => {
  // Made with CPython 3.11: the event dict above, hashed and dumped as Guardian's AuditLogger does.
  const record = makeGuardianRecord(event, 'ab'.repeat(32), sha256Hex);
  expect(record.line).toBe(
    '{"event_id": "e-1", "timestamp": "2026-01-01T00:00:00.000001", "event_type": "model_inference", "user_id": "Jos\\u00e9", "resource_id": null, "action": "infer", "result": "success", "ip_address": null, "user_agent": "\\ud83d\\ude00 \\"x\\"\\u007f", "additional_data": {"z": 1.0, "a": {"\\uff61": 1, "\\ud83d\\ude00": 2}, "e": 1e-05, "n": 1180591620717411303424, "l": [true, null]}, "event_hash": "EVENT", "chain_hash": "CHAIN", "previous_hash": "PREV"}'
      .replace('EVENT', record.eventHash)
      .replace('CHAIN', record.chainHash)
      .replace('PREV', 'ab'.repeat(32)),
  );
  expect(record.eventHash).toBe('38682222158b3a175358187389267ea4b8269ac004cc3f7190a9963681d976cb');
  expect(record.chainHash).toBe('f3ff62bedeb608e6f8e3f8ccbc626cabf89f1507a6b7a150602858f4a891428f');
});

test('a first record has its event hash as chain hash and null before it', () => {
  const record = makeGuardianRecord(event, null, sha256Hex);
  expect(record.chainHash).toBe(record.eventHash);
  expect(record.line.endsWith(', "previous_hash": null}')).toBe(true);
});

test('takes the ten fields only, in Guardian’s order, whatever the caller’s object holds', () => {
  const mixed = {
    note: 'not logged',
    ...Object.fromEntries(Object.entries(event).toReversed()),
  } as unknown as typeof event;
  expect(makeGuardianRecord(mixed, null, sha256Hex)).toEqual(makeGuardianRecord(event, null, sha256Hex));
});

test('the reader of logs recomputes what the writer wrote', () => {
  for (const { line, eventHash } of makeRecords({ seed: 5, count: 200 })) {
    const body = line.replace(/, "event_hash": .*$/, '}');
    expect(sha256Hex(canonicalPythonJson(body))).toBe(eventHash);
    expect(/^[\x20-\x7e]+$/.test(line)).toBe(true);
  }
});

test('refuses a plain number that is no safe integer, so that 1.0 is never lost by accident', () => {
  expect(() => pythonDumps(0.5, true)).toThrow(TypeError);
  expect(() => pythonDumps(2 ** 53, true)).toThrow(TypeError);
  expect(pythonDumps([-0, pyFloat(-0), pyFloat(0.5), 5], true)).toBe('[0, -0.0, 0.5, 5]');
});
