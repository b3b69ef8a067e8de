// Manifests: written as sha256sum writes them, read so that every deviation is told.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manifest } from '../../../electron/modules/evidence/engine/bag.ts';
import { parseManifest } from '../../../electron/modules/evidence/engine/verify/manifest.ts';
import { unsafePath } from '../../../electron/modules/evidence/engine/verify/unsafe-path.ts';

const SHA = 'ab'.repeat(32);
const payload = { of: 'payload', algorithm: 'sha256', beforeOne: false } as const;
const name = fc.stringMatching(/^[a-z0-9_-]{1,8}(\/[a-z0-9_-]{1,8}){0,3}$/u).map((path) => `data/${path}`);
const anyText = fc.oneof(
  fc.string({ maxLength: 200, unit: 'binary' }),
  fc.string({
    maxLength: 300,
    unit: fc.constantFrom(SHA, '  ', ' ', '\n', '\r', 'data/', '../', '/', '*', '%0A', '%25', 'x', '\\', '~'),
  }),
);

describe('a manifest', () => {
  it('is read back entry by entry without a finding', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, fc.stringMatching(/^[0-9a-f]{64}$/u)), {
          selector: ([path]) => path,
          maxLength: 20,
        }),
        (entries) => {
          fc.pre(entries.every(([path]) => !/(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\/|$)/u.test(path)));
          const parsed = parseManifest(
            manifest(entries.map(([path, digest]) => ({ path, digest }))),
            payload,
          );
          expect(parsed.findings).toEqual([]);
          expect(Object.fromEntries(parsed.entries)).toEqual(Object.fromEntries(entries));
        },
      ),
      { numRuns: 200 },
    );
  });
  it('never throws, and an accepted path that leaves the bag always has a finding that makes it invalid', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { entries, findings } = parseManifest(text, payload);
        const escapes = [...entries.keys()].filter(
          (path) => unsafePath(path) !== null || !path.startsWith('data/'),
        );
        if (escapes.length > 0) expect(findings.some(({ strictOnly }) => !strictOnly)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
  it('has no finding only when it is exactly what the writer would write', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { entries, findings } = parseManifest(text, payload);
        if (findings.length > 0) return;
        const rewritten = manifest([...entries].map(([path, digest]) => ({ path, digest })));
        expect(text.split('\n').toSorted()).toEqual(rewritten.split('\n').toSorted());
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a line', () => {
  const found = (line: string, kind: Parameters<typeof parseManifest>[1] = payload) =>
    parseManifest(line, kind).findings.map(({ text, strictOnly }) => [text, strictOnly]);
  it.each([
    ['one space', `${SHA} data/x\n`, 'line 1 is not written as sha256sum writes it', true],
    ['a tab', `${SHA}\tdata/x\n`, 'line 1 is not written as sha256sum writes it', true],
    ['the asterisk of binary mode', `${SHA} *data/x\n`, 'line 1 is not written as sha256sum writes it', true],
    [
      'upper-case digits',
      `${SHA.toUpperCase()}  data/x\n`,
      'line 1 is not written as sha256sum writes it',
      true,
    ],
    ['a leading ./', `${SHA}  ./data/x\n`, 'line 1 is not written as sha256sum writes it', true],
    ['an encoded percent sign', `${SHA}  data/%25\n`, 'line 1 is not written as sha256sum writes it', true],
    ['CRLF', `${SHA}  data/x\r\n`, 'its lines do not end in LF alone', true],
    ['no final line feed', `${SHA}  data/x`, 'its last line is not ended', true],
    ['an empty line', `${SHA}  data/x\n\n${SHA}  data/y\n`, 'line 2 is empty', true],
    [
      'a space in the name',
      `${SHA}  data/x y\n`,
      'a listed path is none that EP-1 allows (A-Z a-z 0-9 . _ - and /, no Windows device, at most 200 characters)',
      true,
    ],
    [
      'a Windows device',
      `${SHA}  data/nul.txt\n`,
      'a listed path is none that EP-1 allows (A-Z a-z 0-9 . _ - and /, no Windows device, at most 200 characters)',
      true,
    ],
    [
      'names that differ in case',
      `${SHA}  data/x\n${SHA}  data/X\n`,
      'two listed names differ only in case or in the form of a letter',
      true,
    ],
    [
      'names that differ in normal form',
      `${SHA}  data/\u00e9\n${SHA}  data/e\u0301\n`,
      'two listed names differ only in case or in the form of a letter',
      true,
    ],
    ['a short digest', `${SHA.slice(2)}  data/x\n`, 'line 1 is not a sha256 digest and a path', false],
    ['no path', `${SHA}\n`, 'line 1 is not a sha256 digest and a path', false],
    ['a byte order mark', `\uFEFF${SHA}  data/x\n`, 'it starts with a byte order mark', false],
    [
      'a path out of the bag',
      `${SHA}  data/../../x\n`,
      'a listed path holds a path out of the pack (..)',
      false,
    ],
    ['an absolute path', `${SHA}  /etc/passwd\n`, 'a listed path holds an absolute path', false],
    ['a home folder', `${SHA}  ~root/x\n`, 'a listed path holds a path into a home folder', false],
    ['backslashes', `${SHA}  \\.\\./x\n`, 'a listed path holds a backslash', false],
    ['a drive', `${SHA}  C:/x\n`, 'a listed path holds a drive letter', false],
    ['an encoded line feed', `${SHA}  data/a%0Ab\n`, 'a listed path holds a control character', false],
    ['an encoded carriage return', `${SHA}  data/a%0db\n`, 'a listed path holds a control character', false],
    ['a tag file', `${SHA}  bagit.txt\n`, 'a payload manifest lists a file outside data/', false],
    ['the same file twice', `${SHA}  data/x\n${SHA}  data/x\n`, 'a file is listed twice', false],
  ])('with %s is told', (_, text, finding, strictOnly) => {
    expect(found(text)).toContainEqual([finding, strictOnly]);
  });
  it('may repeat a file with the same digest before BagIt 1.0 only', () => {
    const twice = `${SHA}  data/x\n${SHA}  data/x\n`;
    expect(found(twice, { ...payload, beforeOne: true })).toEqual([['a file is listed twice', true]]);
    expect(found(`${SHA}  data/x\n${'cd'.repeat(32)}  data/x\n`, { ...payload, beforeOne: true })).toEqual([
      ['a file is listed twice', false],
    ]);
  });
  it('of a tag manifest may not name a payload file', () => {
    expect(found(`${SHA}  data/x\n`, { ...payload, of: 'tag' })).toEqual([
      ['a tag manifest lists a payload file', false],
    ]);
  });
  it('reads back only the three characters that BagIt encodes', () => {
    expect([...parseManifest(`${SHA}  data/%7E%25%2e\n`, payload).entries.keys()]).toEqual(['data/%7E%%2e']);
  });
});
