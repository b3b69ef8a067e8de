// The small parts of the store: canonical JSON, key wrapping, fields, derived keys, recovery keys, the answer's floor.
import { hkdfSync, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { ANSWER_FLOOR_MS, answerAfterFloor } from '../../../electron/store/answer-floor.ts';
import { canonicalJson } from '../../../electron/store/canonical-json.ts';
import { deriveKeys, zeroKeys } from '../../../electron/store/derived-keys.ts';
import { makeSecrets } from '../../../electron/store/field-secrets.ts';
import { unwrap, wrap } from '../../../electron/store/key-wrap.ts';
import { formatRecoveryKey, parseRecoveryKey } from '../../../electron/store/recovery-key.ts';

const KEY = Buffer.alloc(32, 9);

describe('canonical JSON', () => {
  it('writes the sample of RFC 8785 section 3.2.3 in its order', () => {
    const sample = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalJson(sample)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    );
  });

  it('writes numbers as RFC 8785 section 3.2.2 does', () => {
    expect(
      canonicalJson(JSON.parse('[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,-0]')),
    ).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]');
  });

  it('gives one text for one value, whatever the order of its members, and loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.stringify(JSON.parse(text))).toHaveLength(JSON.stringify(value).length);
      }),
    );
  });

  it('refuses what JSON can not hold', () => {
    expect(() => canonicalJson({ a: () => 1 })).toThrow(TypeError);
    expect(() => canonicalJson([undefined])).toThrow(TypeError);
  });
});

describe('key wrapping', () => {
  it('opens what it sealed, and nothing that was changed by one bit', () => {
    const sealed = wrap(KEY, Buffer.from('root'), 'context');
    expect(unwrap(KEY, sealed, 'context')).toEqual(Uint8Array.from(Buffer.from('root')));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(unwrap(KEY, changed, 'context')).toBeNull();
    }
  });

  it('opens neither under another key or context, nor when it is cut', () => {
    const sealed = wrap(KEY, Buffer.from('root'), 'context');
    expect(unwrap(Buffer.alloc(32, 8), sealed, 'context')).toBeNull();
    expect(unwrap(KEY, sealed, 'Context')).toBeNull();
    for (let length = 0; length < sealed.length; length += 1)
      expect(unwrap(KEY, sealed.subarray(0, length), 'context')).toBeNull();
  });

  it('never seals the same thing twice alike', () => {
    expect(wrap(KEY, Buffer.alloc(32), '')).not.toEqual(wrap(KEY, Buffer.alloc(32), ''));
  });
});

describe('secrets', () => {
  const secrets = makeSecrets(KEY);
  const altered = expect.objectContaining({ code: 'record.altered' });

  it('gives every field back under its own context only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), fc.string(), (plain, context, other) => {
        const sealed = secrets.seal(plain, context);
        expect(secrets.open(sealed, context)).toEqual(Uint8Array.from(plain));
        if (other !== context) expect(() => secrets.open(sealed, other)).toThrow(altered);
      }),
      { numRuns: 50 },
    );
  });

  it('names the key version in the ciphertext and refuses another one', () => {
    const sealed = secrets.seal(Buffer.from('x'), 'c');
    expect(sealed).toMatch(/^probity-secret:1:[A-Za-z0-9_-]+$/u);
    expect(() => secrets.open(sealed.replace(':1:', ':2:'), 'c')).toThrow(altered);
    expect(() => secrets.open(sealed.replace(':1:', ':01:'), 'd')).toThrow(altered);
  });

  it('refuses any text that is no sealed field', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String().map((text) => `probity-secret:1:${text}`),
        ),
        (text) => {
          expect(() => secrets.open(text, 'c')).toThrow(altered);
        },
      ),
    );
  });
});

describe('derived keys', () => {
  it('are HKDF-SHA256 of the root with the workspace as salt and one label each', () => {
    const root = randomBytes(32);
    const keys = deriveKeys(root, 'ab'.repeat(16));
    const again = (label: string, bytes: number): Buffer =>
      Buffer.from(hkdfSync('sha256', root, Buffer.from('ab'.repeat(16)), `probity/v1/${label}`, bytes));
    expect(keys.database).toEqual(again('database', 32));
    expect(keys.databaseSalt).toEqual(again('database-salt', 16));
    expect(keys.field).toEqual(again('field', 32));
    expect(keys.blob).toEqual(again('blob-wrap', 32));
    expect(keys.seal).toEqual(again('journal-seal', 32));
    expect(keys.slots).toEqual(again('keyslots-mac', 32));
    expect(deriveKeys(root, 'cd'.repeat(16)).database).not.toEqual(keys.database);
  });

  it('are all overwritten when they are zeroed', () => {
    const keys = deriveKeys(randomBytes(32), '');
    zeroKeys(keys);
    for (const key of Object.values(keys)) expect(Buffer.from(key).every((byte) => byte === 0)).toBe(true);
  });
});

describe('recovery keys', () => {
  it('read back as written, whatever the spacing and case', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        const text = formatRecoveryKey(key);
        expect(text).toMatch(/^(?:[A-Z2-7]{4}-){13}[A-Z2-7]{4}$/u);
        expect(parseRecoveryKey(text)).toEqual(Buffer.from(key));
        expect(parseRecoveryKey(text.toLowerCase().replaceAll('-', ' '))).toEqual(Buffer.from(key));
        expect(parseRecoveryKey(text.replaceAll('O', '0').replaceAll('L', '1').replaceAll('B', '8'))).toEqual(
          Buffer.from(key),
        );
      }),
    );
  });

  it('notice a wrong or missing letter', () => {
    const text = formatRecoveryKey(randomBytes(32));
    for (let at = 0; at < 52; at += 1) {
      const letters = [...text.replaceAll('-', '')];
      letters[at] = letters[at] === 'A' ? 'B' : 'A';
      expect(parseRecoveryKey(letters.join(''))).toBeNull();
    }
    expect(parseRecoveryKey(text.slice(1))).toBeNull();
    expect(parseRecoveryKey('')).toBeNull();
    expect(parseRecoveryKey('correct horse battery staple')).toBeNull();
  });
});

describe('the answer to an attempt', () => {
  const run = async (
    work: () => Promise<string>,
  ): Promise<{ slept: number[]; order: string[]; outcome: string }> => {
    const slept: number[] = [];
    const order: string[] = [];
    let wake = (): void => {};
    const sleep = (milliseconds: number): Promise<void> => {
      slept.push(milliseconds);
      return new Promise((resolve) => {
        wake = resolve;
      });
    };
    const answer = answerAfterFloor(work, sleep)
      .catch((error: unknown) => (error instanceof AppError ? error.code : 'bug'))
      .then((outcome) => {
        order.push('answered');
        return outcome;
      });
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push('floor');
    wake();
    return { outcome: await answer, slept, order };
  };

  it('waits for the same floor whether it is yes or no', async () => {
    const yes = await run(() => Promise.resolve('open'));
    const no = await run(() => Promise.reject(new AppError('workspace.wrong_passphrase')));
    expect(yes).toEqual({ outcome: 'open', slept: [ANSWER_FLOOR_MS], order: ['floor', 'answered'] });
    expect(no).toEqual({
      outcome: 'workspace.wrong_passphrase',
      slept: [ANSWER_FLOOR_MS],
      order: ['floor', 'answered'],
    });
  });
});
