// Tampering with what a pack holds: payload, manifests, tag files.
import {
  itCatches,
  edit,
  flip,
  get,
  logPath,
  replace,
  signedMistake,
  some,
  text,
  useKit,
  type Case,
} from './support/tamper-kit.ts';
import { rewritePayloadManifests, rewriteTagManifests } from './support/pack-kit.ts';

useKit();

itCatches('a pack whose payload was changed', 'exactly', [
  [
    'one byte of a log is changed',
    ['payload-manifest'],
    edit((files) => void files.set(logPath(files), flip(get(files, logPath(files)), 100))),
  ],
  ['one byte of the report is changed', ['payload-manifest'], replace('data/index.html', 'Report', 'Repost')],
  [
    'a log is cut short',
    ['payload-manifest', 'payload-oxum'],
    edit((files) => void files.set(logPath(files), get(files, logPath(files)).subarray(0, 500))),
  ],
  [
    'a line is added to a log',
    ['payload-manifest', 'payload-oxum'],
    edit((files) => void files.set(logPath(files), Buffer.concat([get(files, logPath(files)), some]))),
  ],
  [
    'a log is emptied',
    ['payload-manifest', 'payload-oxum'],
    edit((files) => void files.set(logPath(files), Buffer.alloc(0))),
  ],
  [
    'a log is deleted',
    ['payload-manifest', 'payload-complete', 'payload-oxum'],
    edit((files) => void files.delete(logPath(files))),
  ],
  [
    'all payload is deleted',
    ['payload-manifest', 'payload-complete', 'payload-oxum'],
    edit((files) =>
      [...files.keys()].filter((path) => path.startsWith('data/')).forEach((path) => files.delete(path)),
    ),
  ],
  [
    'a payload file is added',
    ['payload-complete', 'payload-oxum'],
    edit((files) => void files.set('data/extra.txt', some)),
  ],
  [
    'an empty payload file is added',
    ['payload-complete', 'payload-oxum'],
    edit((files) => void files.set('data/extra.txt', Buffer.alloc(0))),
  ],
  [
    'a payload file is renamed',
    ['payload-manifest', 'payload-complete'],
    edit((files) => {
      files.set('data/index2.html', get(files, 'data/index.html'));
      files.delete('data/index.html');
    }),
  ],
  [
    'two payload files are swapped',
    ['payload-manifest'],
    edit((files) => {
      const [a, b] = [get(files, 'data/index.html'), get(files, 'data/index.json')];
      files.set('data/index.html', b);
      files.set('data/index.json', a);
    }),
  ],
]);

itCatches('a pack whose manifests were changed', 'exactly', [
  [
    'a digest in manifest-sha256 is edited',
    ['payload-manifest', 'tag-manifest'],
    replace('manifest-sha256.txt', /^[0-9a-f]{8}/u, '00000000'),
  ],
  [
    'a digest in manifest-sha512 is edited',
    ['payload-manifest', 'tag-manifest'],
    replace('manifest-sha512.txt', /^[0-9a-f]{8}/u, '00000000'),
  ],
  [
    'a line of manifest-sha256 is removed',
    ['payload-complete', 'tag-manifest'],
    replace('manifest-sha256.txt', /^.*\n/u, ''),
  ],
  [
    'a line of manifest-sha256 is repeated',
    ['payload-manifest', 'tag-manifest'],
    replace('manifest-sha256.txt', /^(.*\n)/u, '$1$1'),
  ],
  [
    'a line for a missing file is added',
    ['payload-manifest', 'payload-complete', 'tag-manifest'],
    edit(
      (files) =>
        void files.set(
          'manifest-sha256.txt',
          Buffer.from(`${text(files, 'manifest-sha256.txt')}${'0'.repeat(64)}  data/gone.txt\n`),
        ),
    ),
  ],
  [
    'manifest-sha256 gets CRLF line ends',
    ['payload-manifest', 'tag-manifest'],
    replace('manifest-sha256.txt', /\n/gu, '\r\n'),
  ],
  [
    'manifest-sha256 gets a byte order mark',
    ['payload-manifest', 'tag-manifest'],
    edit(
      (files) =>
        void files.set(
          'manifest-sha256.txt',
          Buffer.concat([Buffer.from('\uFEFF'), get(files, 'manifest-sha256.txt')]),
        ),
    ),
  ],
  [
    'manifest-sha256 is not UTF-8',
    ['payload-manifest', 'tag-manifest'],
    edit(
      (files) =>
        void files.set(
          'manifest-sha256.txt',
          Buffer.concat([get(files, 'manifest-sha256.txt'), Buffer.from([0xff, 0x0a])]),
        ),
    ),
  ],
  [
    'manifest-sha256 is removed',
    ['payload-manifest', 'tag-manifest'],
    edit((files) => void files.delete('manifest-sha256.txt')),
  ],
  ['manifest-sha512 is removed', ['tag-manifest'], edit((files) => void files.delete('manifest-sha512.txt'))],
  [
    'both manifests are removed',
    ['payload-manifest', 'payload-complete', 'tag-manifest'],
    edit((files) => {
      files.delete('manifest-sha256.txt');
      files.delete('manifest-sha512.txt');
    }),
  ],
  [
    'a manifest of an unknown algorithm is added',
    ['payload-manifest', 'tag-manifest'],
    edit((files) => void files.set('manifest-crc.txt', some)),
  ],
  [
    'a log is changed and the manifests rewritten',
    ['tag-manifest'],
    edit((files) => {
      files.set(logPath(files), flip(get(files, logPath(files)), 100));
      rewritePayloadManifests(files);
    }),
  ],
  [
    'a log is changed, manifests and tag manifests rewritten',
    ['signature-cms', 'signature-jws'],
    edit((files) => {
      files.set(logPath(files), flip(get(files, logPath(files)), 100));
      rewritePayloadManifests(files);
      rewriteTagManifests(files);
    }),
  ],
  [
    'a digest in tagmanifest-sha256 is edited',
    ['tag-manifest', 'signature-cms', 'signature-jws'],
    replace('tagmanifest-sha256.txt', /^[0-9a-f]{8}/u, '00000000'),
  ],
  [
    'a line of tagmanifest-sha256 is removed',
    ['tag-manifest', 'signature-cms', 'signature-jws'],
    replace('tagmanifest-sha256.txt', /^.*\n/u, ''),
  ],
  [
    'tagmanifest-sha256 gets CRLF line ends',
    ['tag-manifest', 'signature-cms', 'signature-jws'],
    replace('tagmanifest-sha256.txt', /\n/gu, '\r\n'),
  ],
  [
    'tagmanifest-sha256 gets an empty line',
    ['tag-manifest', 'signature-cms', 'signature-jws'],
    replace('tagmanifest-sha256.txt', /$/u, '\n'),
  ],
  [
    'tagmanifest-sha256 is removed',
    ['tag-manifest', 'signature-cms', 'signature-jws'],
    edit((files) => void files.delete('tagmanifest-sha256.txt')),
  ],
  [
    'a digest in tagmanifest-sha512 is edited',
    ['tag-manifest'],
    replace('tagmanifest-sha512.txt', /^[0-9a-f]{8}/u, '00000000'),
  ],
  [
    'a line of tagmanifest-sha512 is removed',
    ['tag-manifest'],
    replace('tagmanifest-sha512.txt', /^.*\n/u, ''),
  ],
  [
    'tagmanifest-sha512 is removed',
    ['tag-manifest'],
    edit((files) => void files.delete('tagmanifest-sha512.txt')),
  ],
  [
    'the tag manifest lists a payload file',
    ['tag-manifest', 'signature-cms', 'signature-jws'],
    edit(
      (files) =>
        void files.set(
          'tagmanifest-sha256.txt',
          Buffer.from(`${text(files, 'tagmanifest-sha256.txt')}${text(files, 'manifest-sha256.txt')}`),
        ),
    ),
  ],
  ...(
    [
      ['leaves the pack', '../outside.txt'],
      ['leaves the pack by way of data/', 'data/../../outside.txt'],
      ['is absolute', '/etc/passwd'],
      ['points into a home folder', '~/secret'],
      ['has a backslash', 'more\\index.html'],
      ['has a drive letter', 'C:/Windows/win.ini'],
      ['has an encoded line feed', 'data/index%0A.html'],
      ['starts with ./', './data/index.html'],
      ['is not below data/', 'bag-info.txt'],
    ] as const
  ).map(([what, path]): Case => [
    `a signed manifest lists a path that ${what}`,
    // A path that starts with data/ is missed there, too.
    path.startsWith('data/') ? ['payload-manifest', 'payload-complete'] : ['payload-manifest'],
    signedMistake((files) => {
      rewritePayloadManifests(files);
      files.set(
        'manifest-sha256.txt',
        Buffer.from(`${text(files, 'manifest-sha256.txt')}${'0'.repeat(64)}  ${path}\n`),
      );
    }, false),
  ]),
]);
