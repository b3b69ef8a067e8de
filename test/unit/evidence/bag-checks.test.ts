// The cases of the BagIt conformance suite (Library of Congress, CC0), written again from their descriptions.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkBag } from '../../../electron/modules/evidence/engine/verify/bag-checks.ts';
import type { Bag, FileFacts } from '../../../electron/modules/evidence/engine/verify/read-bag.ts';

type Content = Readonly<Record<string, string | Buffer>>;
const hash = (algorithm: string, content: string | Buffer): string =>
  createHash(algorithm).update(content).digest('hex');
const facts = (content: string | Buffer): FileFacts => ({
  bytes: Buffer.byteLength(content),
  digests: Object.fromEntries(
    ['md5', 'sha1', 'sha224', 'sha256', 'sha512'].map((algorithm) => [algorithm, hash(algorithm, content)]),
  ),
  fault: null,
});
const bagOf = (content: Content): Bag => ({
  files: new Map(Object.entries(content).map(([path, each]) => [path, facts(each)])),
  tags: new Map(
    Object.entries(content)
      .filter(([path]) => !path.startsWith('data/'))
      .map(([path, each]) => [path, Buffer.from(each)]),
  ),
  problems: [],
});

const judge = (
  content: Content,
): { readonly valid: boolean; readonly strict: boolean; readonly texts: string } => {
  const { declaration, tagManifests, payloadManifests, payloadComplete, payloadOxum } = checkBag(
    bagOf(content),
  );
  const findings = [declaration, tagManifests, payloadManifests, payloadComplete, payloadOxum].flat();
  return {
    valid: findings.every(({ strictOnly }) => strictOnly),
    strict: findings.length === 0,
    texts: findings
      .filter(({ strictOnly }) => !strictOnly)
      .map(({ text }) => text)
      .join('\n'),
  };
};

const line = (algorithm: string, content: Content, path: string, shown = path): string =>
  `${hash(algorithm, content[path] ?? '')}  ${shown}\n`;
const declared = (version = '1.0', encoding = 'UTF-8'): string =>
  `BagIt-Version: ${version}\nTag-File-Character-Encoding: ${encoding}\n`;

/** A bag of one payload file; `more` replaces or adds files before the tag manifest is made. */
const bag = (more: Content = {}, { version = '1.0', algorithm = 'sha512' } = {}): Content => {
  const payload = { 'data/hello.txt': 'hello\n' };
  const base: Content = {
    ...payload,
    'bagit.txt': declared(version),
    'bag-info.txt': 'Bagging-Date: 2017-01-26\nPayload-Oxum: 6.1\n',
    [`manifest-${algorithm}.txt`]: line(algorithm, payload, 'data/hello.txt'),
    ...more,
  };
  const tags = Object.keys(base)
    .filter((path) => !path.startsWith('data/'))
    .map((path) => line(algorithm, base, path))
    .join('');
  return { ...base, [`tagmanifest-${algorithm}.txt`]: base[`tagmanifest-${algorithm}.txt`] ?? tags };
};
const sha = (content: string): string => hash('sha512', content);
const HELLO = `${sha('hello\n')}  data/hello.txt\n`;
const without = (content: Content, path: string): Content =>
  Object.fromEntries(Object.entries(content).filter(([each]) => each !== path));
const utf16 = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);

describe('valid', () => {
  it.each<readonly [string, Content]>([
    ['a basic bag', bag()],
    [
      'a bag without bag-info',
      (() => {
        const base = bag();
        const rest = without(without(base, 'bag-info.txt'), 'tagmanifest-sha512.txt');
        return rest;
      })(),
    ],
    [
      'ISO-8859-1 tag files',
      bag(
        {
          'bagit.txt': declared('0.97', 'ISO-8859-1'),
          'bag-info.txt': Buffer.from('Contact-Name: J\xfcrgen\n', 'latin1'),
        },
        { version: '0.97' },
      ),
    ],
    [
      'UTF-16 tag files',
      (() => {
        const base = bag(
          {
            'bagit.txt': declared('0.97', 'UTF-16'),
            'bag-info.txt': utf16('A: b\n'),
            'manifest-sha512.txt': utf16(HELLO),
          },
          { version: '0.97' },
        );
        return { ...base, 'tagmanifest-sha512.txt': utf16(String(base['tagmanifest-sha512.txt'])) };
      })(),
    ],
    [
      'names with percent signs',
      bag(
        {
          'data/hello.txt': 'hello\n',
          'data/%7Etest.txt': 'x',
          'manifest-sha512.txt': `${HELLO}${sha('x')}  data/%7Etest.txt\n`,
          'bag-info.txt': 'A: b\n',
        },
        { version: '0.97' },
      ),
    ],
    [
      'names with spaces',
      bag({
        'data/a b': 'x',
        'manifest-sha512.txt': `${HELLO}${sha('x')} data/a b\n`,
        'bag-info.txt': 'A: b\n',
      }),
    ],
    [
      'a leading ./ in a manifest',
      bag({ 'manifest-sha512.txt': `${sha('hello\n')} ./data/hello.txt\n` }, { version: '0.97' }),
    ],
    [
      'repeated metadata',
      bag({
        'bag-info.txt':
          'Contact-Name: A\ncontact-name: B\nBagging-Date: 2016-02-26\nBagging-Date: 2016-03-10\n',
      }),
    ],
    [
      'uncommon separators',
      bag(
        { 'bag-info.txt': 'Test-Tag: 1\nTest-Tag:   2\nTest-Tag : 3\nTest-Tag\t: 4\n' },
        { version: '0.97' },
      ),
    ],
    [
      'a holey bag that is filled',
      bag({ 'fetch.txt': 'http://localhost/hello.txt - data/hello.txt\r\n' }, { version: '0.97' }),
    ],
    [
      'CRLF line ends',
      bag(
        {
          'bagit.txt': declared('0.97').replaceAll('\n', '\r\n').trimEnd(),
          'manifest-sha512.txt': HELLO.replace('\n', '\r\n'),
        },
        { version: '0.97' },
      ),
    ],
    [
      'a bag in a bag',
      bag({
        'data/bagit.txt': 'x',
        'manifest-sha512.txt': `${HELLO}${sha('x')}  data/bagit.txt\n`,
        'bag-info.txt': 'A: b\n',
      }),
    ],
    [
      'the manifest of md5sum',
      bag({ 'manifest-sha512.txt': HELLO.replace('  ', ' *') }, { version: '0.97' }),
    ],
    [
      'a file listed twice with the same digest before 1.0',
      bag({ 'manifest-sha512.txt': HELLO + HELLO }, { version: '0.97' }),
    ],
    ['version 0.93', bag({}, { version: '0.93' })],
    ['weak digests', bag({}, { version: '0.97', algorithm: 'md5' })],
    ['SHA-224', bag({}, { version: '0.97', algorithm: 'sha224' })],
  ])('%s', (_, content) => {
    expect(judge(content).texts).toBe('');
  });
  it('but not an EP-1 bag, which is stricter', () => {
    expect(judge(bag()).strict).toBe(false);
    const content = bag({}, { algorithm: 'sha256' });
    expect(judge(content).strict).toBe(true);
  });
});

describe('invalid', () => {
  it.each<readonly [string, Content, string]>([
    [
      'no encoding in bagit.txt',
      bag({ 'bagit.txt': 'BagIt-Version: 0.97\n' }),
      'bagit.txt is not the two lines',
    ],
    [
      'a byte order mark in bagit.txt',
      bag({ 'bagit.txt': `\uFEFF${declared('0.97')}` }),
      'bagit.txt is not the two lines',
    ],
    [
      'white space before a colon in bagit.txt',
      bag({ 'bagit.txt': 'BagIt-Version : 1.0\nTag-File-Character-Encoding : UTF-8\n' }),
      'bagit.txt is not the two lines',
    ],
    [
      'white space after the version',
      bag({ 'bagit.txt': 'BagIt-Version: 1.0 \nTag-File-Character-Encoding: UTF-8\n' }),
      'bagit.txt is not the two lines',
    ],
    [
      'a version without its first number',
      bag({ 'bagit.txt': declared('.97') }),
      'bagit.txt is not the two lines',
    ],
    ['a version that never was', bag({ 'bagit.txt': declared('2.0') }), 'unknown BagIt version'],
    ['an encoding that is not known', bag({ 'bagit.txt': declared('1.0', 'EBCDIC') }), 'is not EBCDIC'],
    ['no bagit.txt', without(bag(), 'bagit.txt'), 'bagit.txt is missing'],
    [
      'no bag-info although it is listed',
      without(bag(), 'bag-info.txt'),
      'tagmanifest-sha512.txt lists a file that is missing',
    ],
    [
      'a corrupt payload file',
      { ...bag(), 'data/hello.txt': 'hallo\n' },
      'a file is not the one that manifest-sha512.txt lists',
    ],
    [
      'a corrupt tag file',
      { ...bag(), 'bag-info.txt': 'Bagging-Date: 2017-01-27\nPayload-Oxum: 6.1\n' },
      'a file is not the one that tagmanifest-sha512.txt lists',
    ],
    ['an extra payload file', { ...bag(), 'data/extra': '' }, 'a payload file is listed in no manifest'],
    ['a missing payload file', without(bag(), 'data/hello.txt'), 'lists a file that is missing'],
    [
      'a file that not all manifests list',
      bag({ 'manifest-sha256.txt': '' }),
      'a payload file is not listed in manifest-sha256.txt',
    ],
    ['a wrong Payload-Oxum', bag({ 'bag-info.txt': 'Payload-Oxum: 7.1\n' }), 'Payload-Oxum says 7.1'],
    ['no payload manifest', without(bag(), 'manifest-sha512.txt'), 'there is no payload manifest'],
    [
      'a manifest of an unknown digest',
      bag({ 'manifest-crc32.txt': '00000000  data/hello.txt\n' }),
      'a digest that is not known here',
    ],
    [
      'a file listed twice with two digests',
      bag({ 'manifest-sha512.txt': `${HELLO}${sha('x')}  data/hello.txt\n` }, { version: '0.97' }),
      'a file is listed twice',
    ],
    [
      'a file listed twice with the same digest from 1.0',
      bag({ 'manifest-sha512.txt': HELLO + HELLO }),
      'a file is listed twice',
    ],
    ['bag-info that is no list', bag({ 'bag-info.txt': 'hello\n' }), 'is not "label: value"'],
    [
      'bag-info that is not UTF-8',
      bag({ 'bag-info.txt': Buffer.from([0x41, 0x3a, 0x20, 0xff, 0x0a]) }),
      'bag-info.txt is not UTF-8',
    ],
    ...[
      '../../../README.md',
      '\\.\\./README.md',
      '/tmp/foo',
      '~/foo',
      '~root/foo',
      'C:\\foo',
      '%HOMEDRIVE%\\foo',
      '\\\\server\\foo',
      'data/../x',
    ].flatMap((path): readonly (readonly [string, Content, string])[] => [
      [
        `a manifest with the path ${path}`,
        bag({ 'manifest-sha512.txt': `${HELLO}${sha('x')}  ${path}\n` }, { version: '0.97' }),
        'a listed path holds',
      ],
      [
        `a fetch.txt with the path ${path}`,
        bag({ 'fetch.txt': `https://en.wikipedia.org - ${path}\n` }, { version: '0.97' }),
        'fetch.txt holds',
      ],
    ]),
    [
      'a fetch.txt for a file outside the payload',
      bag({ 'fetch.txt': 'https://example.org/ - bagit.txt\n' }),
      'fetch.txt holds',
    ],
  ])('%s', (_, content, reason) => {
    expect(judge(content).texts).toContain(reason);
  });
});
