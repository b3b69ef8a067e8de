// Tampering with the signatures of a pack: taking them away, exchanging them, forging them.
import { Attribute, Time } from 'pkijs';
import { OID } from '../../../electron/modules/evidence/engine/oids.ts';
import { cms, jws, thumbprintOf } from './support/forge.ts';
import {
  resign,
  rewritePayloadManifests,
  rewriteTagManifests,
  signerOf,
  zipOfFiles,
} from './support/pack-kit.ts';
import {
  edit,
  flip,
  forgedBy,
  get,
  itCatches,
  JWS,
  kit,
  logPath,
  other,
  own,
  P7S,
  replace,
  SIGNER,
  signedMistake,
  some,
  text,
  TSR,
  useKit,
  withCms,
  withJws,
} from './support/tamper-kit.ts';

useKit();

itCatches('a pack whose signatures were taken or exchanged', 'exactly', [
  [
    'the CMS signature is removed',
    ['expected-signatures', 'signature-cms'],
    edit((files) => void files.delete(P7S)),
  ],
  ['the JWS is removed', ['expected-signatures', 'signature-jws'], edit((files) => void files.delete(JWS))],
  [
    'both signatures are removed',
    ['expected-signatures', 'signature-cms', 'signature-jws'],
    edit((files) => {
      files.delete(P7S);
      files.delete(JWS);
    }),
  ],
  [
    'signer.pem is removed',
    ['expected-signatures', 'signature-cms', 'signature-jws', 'signer-trust'],
    edit((files) => void files.delete(SIGNER)),
  ],
  [
    'signer.pem is that of someone else',
    ['signature-cms', 'signature-jws', 'signer-trust'],
    edit((files) => void files.set(SIGNER, Buffer.from(other().signerPem))),
  ],
  [
    'signer.pem has text in front',
    ['signature-cms', 'signature-jws', 'signer-trust'],
    replace(SIGNER, /^/u, 'Trust me:\n'),
  ],
  [
    'signer.pem holds two certificates',
    ['signature-cms', 'signature-jws', 'signer-trust'],
    edit((files) => void files.set(SIGNER, Buffer.from(text(files, SIGNER) + kit().identity.rootPem))),
  ],
  [
    'the CMS signature is that of another pack',
    ['signature-cms'],
    withCms(() => cms({ content: some, signer: signerOf(kit().identity) })),
  ],
  [
    'the JWS is that of another pack',
    ['signature-jws'],
    withJws(() =>
      jws(
        some,
        { alg: 'ES256', 'x5t#S256': thumbprintOf(signerOf(kit().identity)) },
        signerOf(kit().identity),
      ),
    ),
  ],
  [
    "everything is changed and signed with a certificate of one's own",
    ['signer-trust'],
    forgedBy(
      () => ({ signer: signerOf(other()) }),
      (files) => void files.set(logPath(files), flip(get(files, logPath(files)), 100)),
    ),
  ],
  [
    'the same, with the forged root in the pack too',
    ['signer-trust'],
    async () => {
      const identity = other();
      const files = kit().files();
      files.set(logPath(files), flip(get(files, logPath(files)), 100));
      rewritePayloadManifests(files);
      rewriteTagManifests(files);
      files.set('signatures/root.pem', Buffer.from(identity.rootPem));
      await resign(files, signerOf(identity));
      return { zip: zipOfFiles(files) };
    },
  ],
  [
    'root.pem in the pack is exchanged',
    ['signer-trust'],
    edit((files) => void files.set('signatures/root.pem', Buffer.from(other().rootPem))),
  ],
  [
    'root.pem in the pack is no certificate',
    ['signer-trust'],
    edit((files) => void files.set('signatures/root.pem', some)),
  ],
  [
    'an unknown file is put into signatures/',
    ['expected-signatures'],
    edit((files) => void files.set('signatures/READ-ME.html', some)),
  ],
  [
    'a text file named .pem is put into signatures/',
    ['expected-signatures'],
    edit((files) => void files.set('signatures/note.pem', some)),
  ],
  ['a timestamp of garbage is added', ['timestamp'], edit((files) => void files.set(TSR, some))],
  [
    'a promised timestamp is missing',
    ['expected-signatures', 'timestamp'],
    signedMistake(
      (files) =>
        void files.set(
          'bag-info.txt',
          Buffer.from(text(files, 'bag-info.txt').replace('cms,jws', 'cms,jws,rfc3161')),
        ),
    ),
  ],
]);

itCatches('a pack whose CMS signature is wrong', 'exactly', [
  ['the CMS signature is garbage', ['signature-cms'], edit((files) => void files.set(P7S, some))],
  ['the CMS signature has text after it', ['signature-cms'], replace(P7S, /$/u, 'more\n')],
  [
    'the CMS signature has a byte after its structure',
    ['signature-cms'],
    edit(
      (files) =>
        void files.set(
          P7S,
          Buffer.from(
            `-----BEGIN CMS-----\n${Buffer.concat([Buffer.from(text(files, P7S).replaceAll(/-----.*-----|\n/gu, ''), 'base64'), Buffer.from([0])]).toString('base64')}\n-----END CMS-----\n`,
          ),
        ),
    ),
  ],
  [
    'the signing time of the CMS is changed',
    ['signature-cms'],
    withCms((content) =>
      cms({
        content,
        signer: own(),
        afterSigning: (attributes) =>
          attributes.map((each) =>
            each.type === OID.signingTime
              ? new Attribute({
                  type: each.type,
                  values: [new Time({ type: 0, value: new Date('2026-11-19T00:00:00Z') }).toSchema()],
                })
              : each,
          ),
      }),
    ),
  ],
  [
    'an attribute is added to the CMS',
    ['signature-cms'],
    withCms((content) =>
      cms({
        content,
        signer: own(),
        afterSigning: (attributes) => [...attributes, new Attribute({ type: '1.2.3.4', values: [] })],
      }),
    ),
  ],
  [
    'an attribute of the CMS is removed',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), afterSigning: (attributes) => attributes.slice(1) })),
  ],
  [
    'the CMS signs another digest',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), digests: [Buffer.alloc(32)] })),
  ],
  [
    'the CMS signs two digests',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), digests: [Buffer.alloc(32), Buffer.alloc(32, 1)] })),
  ],
  [
    'the CMS signs no digest',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), digests: [] })),
  ],
  [
    'the CMS does not say when it was made',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), at: null })),
  ],
  [
    'the CMS signs the content without attributes',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), bare: true })),
  ],
  [
    'the CMS carries the content',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), attached: true })),
  ],
  [
    'the CMS signs another content type',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), contentType: OID.timestampInfo })),
  ],
  [
    'the CMS has two signers',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), alsoBy: signerOf(other()) })),
  ],
  [
    'the CMS carries no certificate',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), withoutCertificate: true })),
  ],
  [
    'the CMS uses SHA-1',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), hash: 'sha1' })),
  ],
  [
    'the CMS is signed by someone else',
    ['signature-cms'],
    withCms((content) =>
      cms({ content, signer: signerOf(other()), moreCertificates: [kit().identity.signerPem] }),
    ),
  ],
  [
    'the CMS is in PEM of another kind',
    ['signature-cms'],
    withCms((content) => cms({ content, signer: own(), label: 'CERTIFICATE' })),
  ],
  [
    "the CMS was made after the signer's certificate ended",
    ['signature-cms', 'signer-trust'],
    withCms((content) => cms({ content, signer: own(), at: '2030-01-01T00:00:00Z' })),
  ],
  [
    "the CMS was made before the signer's certificate began",
    ['signature-cms', 'signer-trust'],
    withCms((content) => cms({ content, signer: own(), at: '2026-10-01T00:00:00Z' })),
  ],
]);
