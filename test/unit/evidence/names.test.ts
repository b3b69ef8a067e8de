// Names in a pack and PEM files: only forms that every tool reads alike.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  collisionKey,
  isPayloadName,
  packedLogPath,
} from '../../../electron/modules/evidence/engine/names.ts';
import { derOfPem, pemOf } from '../../../electron/modules/evidence/engine/pem.ts';
import { unsafePath } from '../../../electron/modules/evidence/engine/verify/unsafe-path.ts';

describe('a payload name', () => {
  it.each(['data/index.html', 'a', 'data/evidence/ab.json.gz', '.hidden', 'com.txt', 'nulls'])(
    'may be %s',
    (name) => expect(isPayloadName(name)).toBe(true),
  );
  it.each([
    '',
    '/a',
    'a/',
    'a//b',
    'a/../b',
    '..',
    '.',
    'a b',
    'ä',
    'a\\b',
    'a:b',
    'a%b',
    'a\nb',
    'data/nul',
    'data/COM1.txt',
    'a.',
    'a./b',
    '~/a',
    'x'.repeat(201),
  ])('may not be %j', (name) => expect(isPayloadName(name)).toBe(false));
  it('is safe on every system when it is allowed', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30, unit: fc.constantFrom('.', '/', 'a', '-', '~', ':', '\\', ' ') }),
        (name) => {
          if (isPayloadName(name)) expect(unsafePath(name)).toBeNull();
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a packed log', () => {
  const sha = 'ab'.repeat(32);
  it.each([
    ['audit.jsonl', 'jsonl'],
    ['AUDIT.LOG', 'log'],
    ['2026/11/x.json.gz', 'json.gz'],
    ['a.tar.GZ', 'tar.gz'],
    ['b.gz', 'gz'],
    ['noextension', 'bin'],
    ['.hidden', 'hidden'],
    ['x.ünlü', 'bin'],
    ['x.', 'bin'],
    ['x.a b', 'bin'],
    ['folder.d/file', 'bin'],
    ['x.verylongextension', 'bin'],
    ['evil.../../x', 'bin'],
    ['', 'bin'],
  ])('of %j ends in %s', (name, extension) =>
    expect(packedLogPath(sha, name)).toBe(`data/evidence/${sha}.${extension}`),
  );
  it('always has an allowed name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        expect(isPayloadName(packedLogPath(sha, name))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

it('names collide across case and normal form', () => {
  expect(collisionKey('DATA/É')).toBe(collisionKey('data/e\u0301'));
  expect(collisionKey('data/a')).not.toBe(collisionKey('data/b'));
});

describe('PEM', () => {
  it('is read back, and any other text with the same block is not', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.constantFrom(' ', 'x\n', '\n'),
        (bytes, extra) => {
          const pem = pemOf('CMS', bytes);
          expect(derOfPem(Buffer.from(pem), ['CMS'])).toEqual(bytes);
          expect(derOfPem(Buffer.from(pem.replaceAll('\n', '\r\n')), ['CMS'])).toEqual(bytes);
          expect(derOfPem(Buffer.from(extra + pem), ['CMS'])).toBeNull();
          expect(derOfPem(Buffer.from(pem + extra), ['CMS'])).toBeNull();
          expect(derOfPem(Buffer.from(pem + pem), ['CMS'])).toBeNull();
          expect(derOfPem(Buffer.from(pem), ['CERTIFICATE'])).toBeNull();
        },
      ),
      { numRuns: 200 },
    );
  });
  it('is not read when stray bits make its base64 another spelling', () => {
    expect(derOfPem(Buffer.from('-----BEGIN CMS-----\nAB==\n-----END CMS-----\n'), ['CMS'])).toBeNull();
    expect(derOfPem(Buffer.from('-----BEGIN CMS-----\nAA==\n-----END CMS-----\n'), ['CMS'])).toEqual(
      Uint8Array.of(0),
    );
  });
});
