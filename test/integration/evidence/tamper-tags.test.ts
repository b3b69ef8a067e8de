// Tampering with what a pack says about itself, and the mistakes of its own signer.
import {
  edit,
  itCatches,
  JWS,
  P7S,
  replace,
  signedMistake,
  some,
  text,
  useKit,
} from './support/tamper-kit.ts';
import { rewriteTagManifests } from './support/pack-kit.ts';

useKit();

itCatches('a pack whose tag files were changed', 'exactly', [
  ['External-Identifier is edited', ['tag-manifest'], replace('bag-info.txt', '3f1b0c1e', '3f1b0c1f')],
  [
    'Completeness is edited',
    ['bag-declaration', 'tag-manifest'],
    replace('bag-info.txt', 'Completeness: complete', 'Completeness: partial'),
  ],
  ['Audit-Log-Head is edited', ['tag-manifest'], replace('bag-info.txt', 'abab', 'abac')],
  ['Bagging-Date is edited', ['tag-manifest'], replace('bag-info.txt', '2026-11-20', '2026-11-19')],
  ['Source-Organization is edited', ['tag-manifest'], replace('bag-info.txt', 'Prüfamt', 'Prüfant')],
  [
    'Payload-Oxum is edited',
    ['payload-oxum', 'tag-manifest'],
    replace('bag-info.txt', /Payload-Oxum: /u, 'Payload-Oxum: 1'),
  ],
  [
    'Payload-Oxum is removed',
    ['payload-oxum', 'tag-manifest'],
    replace('bag-info.txt', /Payload-Oxum.*\n/u, ''),
  ],
  [
    'Expected-Signatures is weakened',
    ['tag-manifest'],
    replace('bag-info.txt', 'Expected-Signatures: cms,jws', 'Expected-Signatures: cms'),
  ],
  [
    'Expected-Signatures is weakened, the JWS removed and the tag manifests rewritten',
    ['signature-cms'],
    edit((files) => {
      files.set('bag-info.txt', Buffer.from(text(files, 'bag-info.txt').replace('cms,jws', 'cms')));
      files.delete(JWS);
      rewriteTagManifests(files);
    }),
  ],
  [
    'Expected-Signatures names nothing, both signatures are removed',
    ['tag-manifest', 'expected-signatures'],
    edit((files) => {
      files.set('bag-info.txt', Buffer.from(text(files, 'bag-info.txt').replace('cms,jws', 'none')));
      files.delete(JWS);
      files.delete(P7S);
    }),
  ],
  [
    'a line is put before bag-info',
    ['tag-manifest', 'bag-declaration'],
    replace('bag-info.txt', /^/u, 'no colon here\n'),
  ],
  [
    'bag-info is removed',
    ['bag-declaration', 'tag-manifest', 'payload-oxum'],
    edit((files) => void files.delete('bag-info.txt')),
  ],
  [
    'bagit.txt is removed',
    ['bag-declaration', 'tag-manifest'],
    edit((files) => void files.delete('bagit.txt')),
  ],
  [
    'bagit.txt declares an older version',
    ['bag-declaration', 'tag-manifest'],
    replace('bagit.txt', '1.0', '0.97'),
  ],
  [
    'bagit.txt declares a version that does not exist',
    ['bag-declaration', 'tag-manifest'],
    replace('bagit.txt', '1.0', '1.7'),
  ],
  [
    'bagit.txt declares another encoding',
    ['bag-declaration', 'tag-manifest'],
    replace('bagit.txt', 'UTF-8', 'ISO-8859-1'),
  ],
  [
    'bagit.txt gets white space before a colon',
    ['bag-declaration', 'tag-manifest'],
    replace('bagit.txt', 'Version:', 'Version :'),
  ],
  [
    'bagit.txt gets a byte order mark',
    ['bag-declaration', 'tag-manifest'],
    replace('bagit.txt', /^/u, '\uFEFF'),
  ],
  [
    'HOW-TO-VERIFY shows another fingerprint',
    ['tag-manifest'],
    replace('HOW-TO-VERIFY.txt', /[0-9A-F]{2}:/u, '00:'),
  ],
  ['HOW-TO-VERIFY is removed', ['tag-manifest'], edit((files) => void files.delete('HOW-TO-VERIFY.txt'))],
  [
    'a text file is added beside bagit.txt',
    ['tag-manifest'],
    edit((files) => void files.set('README.txt', some)),
  ],
  [
    'a folder is added beside data/',
    ['tag-manifest'],
    edit((files) => void files.set('more/report.pdf', some)),
  ],
  [
    'fetch.txt is added',
    ['bag-declaration', 'tag-manifest'],
    edit((files) => void files.set('fetch.txt', Buffer.from('https://example.org/x - data/x.txt\n'))),
  ],
  [
    'a signed pack has a fetch.txt',
    ['bag-declaration'],
    signedMistake(
      (files) => void files.set('fetch.txt', Buffer.from('https://example.org/x - data/index.html\n')),
    ),
  ],
  [
    'a signed pack names itself twice',
    ['bag-declaration'],
    signedMistake(
      (files) =>
        void files.set(
          'bag-info.txt',
          Buffer.from(
            `${text(files, 'bag-info.txt')}External-Identifier: 00000000-0000-4000-8000-000000000000\n`,
          ),
        ),
    ),
  ],
  [
    'a signed pack is partial without saying what is missing',
    ['bag-declaration'],
    signedMistake(
      (files) =>
        void files.set(
          'bag-info.txt',
          Buffer.from(text(files, 'bag-info.txt').replace('Completeness: complete', 'Completeness: partial')),
        ),
    ),
  ],
  [
    'a signed pack is complete and names what is missing',
    ['bag-declaration'],
    signedMistake(
      (files) =>
        void files.set(
          'bag-info.txt',
          Buffer.from(`${text(files, 'bag-info.txt')}Missing-Item: The mail server.\n`),
        ),
    ),
  ],
  [
    'a signed pack is of another EP version',
    ['bag-declaration'],
    signedMistake(
      (files) =>
        void files.set(
          'bag-info.txt',
          Buffer.from(text(files, 'bag-info.txt').replace('EP-Version: 1', 'EP-Version: 2')),
        ),
    ),
  ],
  [
    'a signed pack expects an unknown kind of signature',
    ['expected-signatures'],
    signedMistake(
      (files) =>
        void files.set(
          'bag-info.txt',
          Buffer.from(text(files, 'bag-info.txt').replace('cms,jws', 'cms,jws,seal')),
        ),
    ),
  ],
  [
    'a signed pack is counted wrong',
    ['payload-oxum'],
    signedMistake(
      (files) =>
        void files.set(
          'bag-info.txt',
          Buffer.from(text(files, 'bag-info.txt').replace(/(Payload-Oxum: )\d+/u, '$17')),
        ),
    ),
  ],
  [
    'a signed pack has a payload name with a space',
    ['payload-manifest', 'payload-oxum'],
    signedMistake((files) => void files.set('data/in dex.txt', some)),
  ],
]);
