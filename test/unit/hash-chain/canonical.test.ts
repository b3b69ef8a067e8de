// The canonicalisers give exactly what RFC 8785, JSON.stringify, Go and Python write; the fast way agrees with the reference.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_STYLES } from '../../../electron/modules/audit/engine/hash-chain/candidates.ts';
import { RecordHasher } from '../../../electron/modules/audit/engine/hash-chain/hasher.ts';
import { preimageOf } from '../../../electron/modules/audit/engine/hash-chain/preimage.ts';
import { JSON_LAYOUT, readRecord } from '../../../electron/modules/audit/engine/hash-chain/record-reader.ts';
import { JCS, JSON_STYLES, writeJson } from '../../../shared/chain/canonical-json.ts';
import { parsePythonJson, PythonJsonError } from '../../../shared/chain/python-json.ts';
import type { JsonStyle, Recipe } from '../../../shared/chain/recipe.ts';
import { hasSamples, SHARED_DATA } from '../../support/shared-data.ts';

const style = (change: Partial<JsonStyle>): JsonStyle => ({ ...JCS, ...change });
const written = (text: string, how: JsonStyle): string => writeJson(parsePythonJson(text), how);

describe('RFC 8785', () => {
  it.runIf(hasSamples('audit/jcs'))('gives the published output for each published input', () => {
    const folder = join(SHARED_DATA, 'audit', 'jcs');
    const names = readdirSync(join(folder, 'input'));
    expect(names.length).toBeGreaterThan(4);
    for (const name of names) {
      const input = readFileSync(join(folder, 'input', name), 'utf8');
      expect({ name, text: written(input, JCS) }).toEqual({
        name,
        text: readFileSync(join(folder, 'output', name), 'utf8').trimEnd(),
      });
    }
  });

  it.each([
    [
      '[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]',
      '[333333333.3333333,1e+30,4.5,0.002,1e-27]',
    ],
    ['[1.0,-0.0,1e21,1e-7,9007199254740993]', '[1,0,1e+21,1e-7,9007199254740992]'],
    ['{"\u{1F600}":1,"\uFB33":2,"a":3}', '{"a":3,"\u{1F600}":1,"\uFB33":2}'],
    ['"\\u20ac$\\u000F\\nA\'B\\"\\\\\\"/\\u007f"', '"€$\\u000f\\nA\'B\\"\\\\\\"/\u007f"'],
  ])('writes %s', (input, output) => {
    expect(written(input, JCS)).toBe(output);
  });
});

describe('JSON.stringify', () => {
  it('is met for any value, lone surrogates and all', () => {
    const how = style({ order: 'insertion' });
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string({ unit: 'binary' }), (value, text) => {
        const json = JSON.stringify({ '-value': value, [`-${text}`]: text });
        const plain: unknown = JSON.parse(json);
        // Keys that look like numbers are moved to the front by JavaScript before anything is written.
        fc.pre(!/"\d+":/.test(json) && !json.includes('__proto__'));
        expect(written(json, how)).toBe(JSON.stringify(plain));
      }),
      { numRuns: 500 },
    );
  });

  it('with an allow-list drops the keys inside that the outermost object does not have', () => {
    const value = { b: { x: 1, a: 2 }, a: [{ b: 1, z: 2 }] };
    expect(written(JSON.stringify(value), style({ order: 'allow-list' }))).toBe(
      JSON.stringify(value, Object.keys(value).toSorted()),
    );
  });
});

describe('Go', () => {
  it('escapes HTML and line separators, keeps large integers and minus zero', () => {
    const how = style({ order: 'insertion', html: true, numbers: 'go' });
    expect(written('{"b":"<a & b>\u2028","a":[9007199254740993,1.0,-0.0,1e-7]}', how)).toBe(
      '{"b":"\\u003ca \\u0026 b\\u003e\\u2028","a":[9007199254740993,1,-0,1e-7]}',
    );
  });
});

describe('Python', () => {
  it.runIf(hasSamples('audit/python-json-canonical.jsonl'))(
    'gives the hash of every vector and of its variants',
    async () => {
      const { createHash } = await import('node:crypto');
      const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
      const lines = readFileSync(join(SHARED_DATA, 'audit', 'python-json-canonical.jsonl'), 'utf8')
        .trim()
        .split('\n');
      let checked = 0;
      for (const line of lines) {
        const vector = JSON.parse(line) as {
          input: string;
          ok: boolean;
          canonical: string;
          variants?: Record<string, { sha256?: string }>;
        };
        if (!vector.ok) continue;
        const plain = style({ order: 'code-point', separators: 'spaced', ascii: true, numbers: 'python' });
        expect(written(vector.input, plain)).toBe(vector.canonical);
        const changes = {
          compact: { separators: 'compact' },
          unicode: { ascii: false },
          compact_unicode: { separators: 'compact', ascii: false },
        } as const;
        for (const [name, change] of Object.entries(changes)) {
          const wanted = vector.variants?.[name]?.sha256;
          if (wanted === undefined) continue;
          // Python can't write a lone surrogate without ensure_ascii, so nothing was hashed.
          if (!vector.input.isWellFormed() || /\\u[dD][89a-fA-F]/.test(vector.input)) continue;
          expect(sha(written(vector.input, { ...plain, ...change }))).toBe(wanted);
          checked += 1;
        }
      }
      expect(checked).toBeGreaterThan(60);
    },
  );
});

const recipe = (text: JsonStyle, change: Partial<Recipe> = {}): Recipe => ({
  version: 1,
  layout: 'json',
  cells: 'text',
  own: 'hash',
  prev: 'meta.prev',
  chain: [],
  body: { kind: 'record', without: ['hash', 'meta.prev'] },
  wrap: null,
  insert: null,
  text,
  template: '{prev}|{body}',
  first: null,
  digest: { algorithm: 'sha256', keyed: 'none', encoding: 'hex', prefix: '', bytes: 32 },
  genesis: null,
  inner: [],
  signature: null,
  ...change,
});

// Numbers by their tokens, so that what JSON.parse loses is there.
const number = fc.constantFrom(
  '0',
  '-0',
  '1.0',
  '1.10',
  '-0.0',
  '1e5',
  '1E+22',
  '0.00001',
  '12345678901234567890',
  '3.14',
  '100',
  '1e-7',
  '0.1',
  '123456789.123456789',
);
const string = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('<&>', '10:00:01.5', ': 1.0', '\u2028', '__proto__'),
);
const member = fc.oneof(
  number,
  string.map((text) => JSON.stringify(text)),
  fc.constantFrom('null', 'true', '[]', '{}'),
);
const json = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    member,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(fc.oneof(string, fc.constantFrom('1', '10', 'a', 'b')), tie('value')), { maxLength: 4 })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)} :${value}`).join(',')}}`),
  ),
})).value;

describe('the fast way of hashing', () => {
  it('agrees with the reference in every style, body and wrapper', () => {
    const bodies: Partial<Recipe>[] = [
      {},
      { body: { kind: 'fields', fields: ['x', 'meta.prev', 'none'] } },
      { body: { kind: 'member', field: 'meta', without: ['prev'] } },
      { wrap: { prev: 'prev', body: 'payload' } },
      { insert: { name: 'prev_hash', at: 'end' } },
      { insert: { name: 'x', at: 'start' } },
      { body: { kind: 'record', without: ['meta'], blanked: [{ field: 'hash', value: '' }] } },
    ];
    fc.assert(
      fc.property(
        json,
        json,
        fc.constantFrom(...ALL_STYLES),
        fc.constantFrom(...bodies),
        (x, y, text, change) => {
          const line = Buffer.from(`{"hash":"h","x":${x},"meta":{"prev":"p","y":${y}}}\n`);
          const used = recipe(text, change);
          const hasher = new RecordHasher(used, null, JSON_LAYOUT, null);
          const read = readRecord(line.subarray(0, -1), JSON_LAYOUT);
          const reason = hasher.read(line, 0, line.length - 1);
          if (typeof read === 'string') {
            expect(reason).not.toBeNull();
            return;
          }
          expect(reason).toBeNull();
          let wanted: string | null;
          try {
            wanted = String(preimageOf(used, read, 'p'));
          } catch (error) {
            if (!(error instanceof PythonJsonError)) throw error;
            // Python refuses lone surrogates; what the fast way writes then can't be any stored hash's text.
            return;
          }
          expect(String(hasher.preimage('p'))).toBe(wanted);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('knows as many styles as are tried', () => {
    expect(new Set(JSON_STYLES.map((each) => JSON.stringify(each))).size).toBe(JSON_STYLES.length);
  });
});
