// Every way to tamper with a pack that was thought of, the step that must catch it, and the verdict.
import { createPublicKey } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { Time, Attribute } from 'pkijs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OID } from '../../../electron/modules/evidence/engine/oids.ts';
import { makeIdentity } from '../../../electron/modules/evidence/engine/identity.ts';
import { certificate, cms, ecKey, jws, rsaKey, stranger, thumbprintOf } from './support/forge.ts';
import { MADE, TOP, failedSteps, makeKit, resign, rewritePayloadManifests, rewriteTagManifests, signerOf, statusOf, zipOfFiles, type Files, type Kit } from './support/pack-kit.ts';
import { rawZip, type RawEntry } from './support/raw-zip.ts';

const P7S = 'signatures/tagmanifest-sha256.txt.p7s';
const JWS = 'signatures/tagmanifest-sha256.txt.jws';
const TSR = 'signatures/tagmanifest-sha256.txt.tsr';
const SIGNER = 'signatures/signer.pem';

let kit: Kit;
beforeAll(async () => {
  kit = await makeKit();
});
afterAll(() => kit.remove());

interface Forged {
  readonly zip: Buffer;
  /** The root that the recipient has; the organisation's own where not given, null for none. */
  readonly root?: string | null;
}

/** [what is done, the steps that must fail at least, how, the verdict where it is not INVALID] */
type Case = readonly [what: string, caughtBy: readonly string[], how: () => Promise<Forged> | Forged];

const get = (files: Files, path: string): Buffer => files.get(path) ?? Buffer.alloc(0);
const text = (files: Files, path: string): string => get(files, path).toString('utf8');
const logPath = (files: Files): string => [...files.keys()].find((path) => path.endsWith('.jsonl')) ?? '';

/** Changes files and leaves everything else as it was. */
const edit = (change: (files: Files) => void | Promise<void>) => async (): Promise<Forged> => {
  const files = kit.files();
  await change(files);
  return { zip: zipOfFiles(files) };
};
const replace = (path: string, from: string | RegExp, to: string) =>
  edit((files) => {
    const before = text(files, path);
    const after = before.replace(from, to);
    expect(after, 'the tampering changes something').not.toBe(before);
    files.set(path, Buffer.from(after));
  });
/** Changes files, then makes all digests and signatures right again with the organisation's own key: a signer's mistake. */
const signedMistake = (change: (files: Files) => void, manifests = true) =>
  edit(async (files) => {
    change(files);
    if (manifests) rewritePayloadManifests(files);
    rewriteTagManifests(files);
    await resign(files, signerOf(kit.identity));
  });
const flip = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
const withCms = (make: (content: Buffer) => Buffer) => edit((files) => void files.set(P7S, make(get(files, 'tagmanifest-sha256.txt'))));
const withJws = (make: (content: Buffer) => Buffer) => edit((files) => void files.set(JWS, make(get(files, 'tagmanifest-sha256.txt'))));
const entries = (files: Files): RawEntry[] => [...files].map(([path, data]) => ({ name: TOP + path, data }));
/** Rewrites one entry of the archive, the files staying as they are. */
const container = (change: (list: RawEntry[]) => RawEntry[], more: { comment?: string; countOff?: number } = {}) => (): Forged => ({
  zip: rawZip({ entries: change(entries(kit.files())), ...more }),
});
const changeFirst = (fields: Partial<RawEntry>) => container(([first, ...rest]) => [{ ...(first as RawEntry), ...fields }, ...rest]);
const addEntry = (entry: RawEntry) => container((list) => [...list, entry]);
const some = Buffer.from('something\n');
/** Signs everything anew with a signer of the forger's making. */
const forgedBy = (make: () => { readonly signer: ReturnType<typeof signerOf>; readonly root?: string | null; readonly at?: string }, change: (files: Files) => void = () => undefined) => async (): Promise<Forged> => {
  const { signer, root, at } = make();
  const files = kit.files();
  change(files);
  rewritePayloadManifests(files);
  rewriteTagManifests(files);
  files.delete('signatures/root.pem');
  await resign(files, signer, at);
  return { zip: zipOfFiles(files), ...(root === undefined ? {} : { root }) };
};
const other = () => makeIdentity({ organisation: 'Prüfamt & Co', now: '2026-11-01T00:00:00.000Z' });

const PAYLOAD: readonly Case[] = [
  ['one byte of a log is changed', ['payload-manifest'], edit((files) => void files.set(logPath(files), flip(get(files, logPath(files)), 100)))],
  ['one byte of the report is changed', ['payload-manifest'], replace('data/index.html', 'Report', 'Repost')],
  ['a log is cut short', ['payload-manifest', 'payload-oxum'], edit((files) => void files.set(logPath(files), get(files, logPath(files)).subarray(0, 500)))],
  ['a line is added to a log', ['payload-manifest', 'payload-oxum'], edit((files) => void files.set(logPath(files), Buffer.concat([get(files, logPath(files)), some])))],
  ['a log is emptied', ['payload-manifest', 'payload-oxum'], edit((files) => void files.set(logPath(files), Buffer.alloc(0)))],
  ['a log is deleted', ['payload-manifest', 'payload-complete', 'payload-oxum'], edit((files) => void files.delete(logPath(files)))],
  ['all payload is deleted', ['payload-manifest', 'payload-complete', 'payload-oxum'], edit((files) => [...files.keys()].filter((path) => path.startsWith('data/')).forEach((path) => files.delete(path)))],
  ['a payload file is added', ['payload-complete', 'payload-oxum'], edit((files) => void files.set('data/extra.txt', some))],
  ['an empty payload file is added', ['payload-complete', 'payload-oxum'], edit((files) => void files.set('data/extra.txt', Buffer.alloc(0)))],
  ['a payload file is renamed', ['payload-manifest', 'payload-complete'], edit((files) => { files.set('data/index2.html', get(files, 'data/index.html')); files.delete('data/index.html'); })],
  ['two payload files are swapped', ['payload-manifest'], edit((files) => { const [a, b] = [get(files, 'data/index.html'), get(files, 'data/index.json')]; files.set('data/index.html', b); files.set('data/index.json', a); })],
];

const MANIFESTS: readonly Case[] = [
  ['a digest in manifest-sha256 is edited', ['payload-manifest', 'tag-manifest'], replace('manifest-sha256.txt', /^[0-9a-f]{8}/u, '00000000')],
  ['a digest in manifest-sha512 is edited', ['payload-manifest', 'tag-manifest'], replace('manifest-sha512.txt', /^[0-9a-f]{8}/u, '00000000')],
  ['a line of manifest-sha256 is removed', ['payload-complete', 'tag-manifest'], replace('manifest-sha256.txt', /^.*\n/u, '')],
  ['a line of manifest-sha256 is repeated', ['payload-manifest', 'tag-manifest'], replace('manifest-sha256.txt', /^(.*\n)/u, '$1$1')],
  ['a line for a missing file is added', ['payload-manifest', 'payload-complete', 'tag-manifest'], edit((files) => void files.set('manifest-sha256.txt', Buffer.from(`${text(files, 'manifest-sha256.txt')}${'0'.repeat(64)}  data/gone.txt\n`)))],
  ['manifest-sha256 gets CRLF line ends', ['payload-manifest', 'tag-manifest'], replace('manifest-sha256.txt', /\n/gu, '\r\n')],
  ['manifest-sha256 gets a byte order mark', ['payload-manifest', 'tag-manifest'], edit((files) => void files.set('manifest-sha256.txt', Buffer.concat([Buffer.from('\uFEFF'), get(files, 'manifest-sha256.txt')])))],
  ['manifest-sha256 is not UTF-8', ['payload-manifest', 'tag-manifest'], edit((files) => void files.set('manifest-sha256.txt', Buffer.concat([get(files, 'manifest-sha256.txt'), Buffer.from([0xff, 0x0a])])))],
  ['manifest-sha256 is removed', ['payload-manifest', 'tag-manifest'], edit((files) => void files.delete('manifest-sha256.txt'))],
  ['manifest-sha512 is removed', ['tag-manifest'], edit((files) => void files.delete('manifest-sha512.txt'))],
  ['both manifests are removed', ['payload-manifest', 'payload-complete', 'tag-manifest'], edit((files) => { files.delete('manifest-sha256.txt'); files.delete('manifest-sha512.txt'); })],
  ['a manifest of an unknown algorithm is added', ['payload-manifest', 'tag-manifest'], edit((files) => void files.set('manifest-crc.txt', some))],
  ['a log is changed and the manifests rewritten', ['tag-manifest'], edit((files) => { files.set(logPath(files), flip(get(files, logPath(files)), 100)); rewritePayloadManifests(files); })],
  ['a log is changed, manifests and tag manifests rewritten', ['signature-cms', 'signature-jws'], edit((files) => { files.set(logPath(files), flip(get(files, logPath(files)), 100)); rewritePayloadManifests(files); rewriteTagManifests(files); })],
  ['a digest in tagmanifest-sha256 is edited', ['tag-manifest', 'signature-cms', 'signature-jws'], replace('tagmanifest-sha256.txt', /^[0-9a-f]{8}/u, '00000000')],
  ['a line of tagmanifest-sha256 is removed', ['tag-manifest', 'signature-cms', 'signature-jws'], replace('tagmanifest-sha256.txt', /^.*\n/u, '')],
  ['tagmanifest-sha256 gets CRLF line ends', ['tag-manifest', 'signature-cms', 'signature-jws'], replace('tagmanifest-sha256.txt', /\n/gu, '\r\n')],
  ['tagmanifest-sha256 gets an empty line', ['tag-manifest', 'signature-cms', 'signature-jws'], replace('tagmanifest-sha256.txt', /$/u, '\n')],
  ['tagmanifest-sha256 is removed', ['tag-manifest', 'signature-cms', 'signature-jws'], edit((files) => void files.delete('tagmanifest-sha256.txt'))],
  ['a digest in tagmanifest-sha512 is edited', ['tag-manifest'], replace('tagmanifest-sha512.txt', /^[0-9a-f]{8}/u, '00000000')],
  ['a line of tagmanifest-sha512 is removed', ['tag-manifest'], replace('tagmanifest-sha512.txt', /^.*\n/u, '')],
  ['tagmanifest-sha512 is removed', ['tag-manifest'], edit((files) => void files.delete('tagmanifest-sha512.txt'))],
  ['the tag manifest lists a payload file', ['tag-manifest', 'signature-cms', 'signature-jws'], edit((files) => void files.set('tagmanifest-sha256.txt', Buffer.from(`${text(files, 'tagmanifest-sha256.txt')}${text(files, 'manifest-sha256.txt')}`)))],
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
      files.set('manifest-sha256.txt', Buffer.from(`${text(files, 'manifest-sha256.txt')}${'0'.repeat(64)}  ${path}\n`));
    }, false),
  ]),
];

const TAGS: readonly Case[] = [
  ['External-Identifier is edited', ['tag-manifest'], replace('bag-info.txt', '3f1b0c1e', '3f1b0c1f')],
  ['Completeness is edited', ['bag-declaration', 'tag-manifest'], replace('bag-info.txt', 'Completeness: complete', 'Completeness: partial')],
  ['Audit-Log-Head is edited', ['tag-manifest'], replace('bag-info.txt', 'abab', 'abac')],
  ['Bagging-Date is edited', ['tag-manifest'], replace('bag-info.txt', '2026-11-20', '2026-11-19')],
  ['Source-Organization is edited', ['tag-manifest'], replace('bag-info.txt', 'Prüfamt', 'Prüfant')],
  ['Payload-Oxum is edited', ['payload-oxum', 'tag-manifest'], replace('bag-info.txt', /Payload-Oxum: /u, 'Payload-Oxum: 1')],
  ['Payload-Oxum is removed', ['payload-oxum', 'tag-manifest'], replace('bag-info.txt', /Payload-Oxum.*\n/u, '')],
  ['Expected-Signatures is weakened', ['tag-manifest'], replace('bag-info.txt', 'Expected-Signatures: cms,jws', 'Expected-Signatures: cms')],
  ['Expected-Signatures is weakened, the JWS removed and the tag manifests rewritten', ['signature-cms'], edit((files) => { files.set('bag-info.txt', Buffer.from(text(files, 'bag-info.txt').replace('cms,jws', 'cms'))); files.delete(JWS); rewriteTagManifests(files); })],
  ['Expected-Signatures names nothing, both signatures are removed', ['tag-manifest', 'expected-signatures'], edit((files) => { files.set('bag-info.txt', Buffer.from(text(files, 'bag-info.txt').replace('cms,jws', 'none'))); files.delete(JWS); files.delete(P7S); })],
  ['a line is put before bag-info', ['tag-manifest', 'bag-declaration'], replace('bag-info.txt', /^/u, 'no colon here\n')],
  ['bag-info is removed', ['bag-declaration', 'tag-manifest', 'payload-oxum'], edit((files) => void files.delete('bag-info.txt'))],
  ['bagit.txt is removed', ['bag-declaration', 'tag-manifest'], edit((files) => void files.delete('bagit.txt'))],
  ['bagit.txt declares an older version', ['bag-declaration', 'tag-manifest'], replace('bagit.txt', '1.0', '0.97')],
  ['bagit.txt declares a version that does not exist', ['bag-declaration', 'tag-manifest'], replace('bagit.txt', '1.0', '1.7')],
  ['bagit.txt declares another encoding', ['bag-declaration', 'tag-manifest'], replace('bagit.txt', 'UTF-8', 'ISO-8859-1')],
  ['bagit.txt gets white space before a colon', ['bag-declaration', 'tag-manifest'], replace('bagit.txt', 'Version:', 'Version :')],
  ['bagit.txt gets a byte order mark', ['bag-declaration', 'tag-manifest'], replace('bagit.txt', /^/u, '\uFEFF')],
  ['HOW-TO-VERIFY shows another fingerprint', ['tag-manifest'], replace('HOW-TO-VERIFY.txt', /[0-9A-F]{2}:/u, '00:')],
  ['HOW-TO-VERIFY is removed', ['tag-manifest'], edit((files) => void files.delete('HOW-TO-VERIFY.txt'))],
  ['a text file is added beside bagit.txt', ['tag-manifest'], edit((files) => void files.set('README.txt', some))],
  ['a folder is added beside data/', ['tag-manifest'], edit((files) => void files.set('more/report.pdf', some))],
  ['fetch.txt is added', ['bag-declaration', 'tag-manifest'], edit((files) => void files.set('fetch.txt', Buffer.from('https://example.org/x - data/x.txt\n')))],
  ['a signed pack has a fetch.txt', ['bag-declaration'], signedMistake((files) => void files.set('fetch.txt', Buffer.from('https://example.org/x - data/index.html\n')))],
  ['a signed pack names itself twice', ['bag-declaration'], signedMistake((files) => void files.set('bag-info.txt', Buffer.from(`${text(files, 'bag-info.txt')}External-Identifier: 00000000-0000-4000-8000-000000000000\n`)))],
  ['a signed pack is partial without saying what is missing', ['bag-declaration'], signedMistake((files) => void files.set('bag-info.txt', Buffer.from(text(files, 'bag-info.txt').replace('Completeness: complete', 'Completeness: partial'))))],
  ['a signed pack is complete and names what is missing', ['bag-declaration'], signedMistake((files) => void files.set('bag-info.txt', Buffer.from(`${text(files, 'bag-info.txt')}Missing-Item: The mail server.\n`)))],
  ['a signed pack is of another EP version', ['bag-declaration'], signedMistake((files) => void files.set('bag-info.txt', Buffer.from(text(files, 'bag-info.txt').replace('EP-Version: 1', 'EP-Version: 2'))))],
  ['a signed pack expects an unknown kind of signature', ['expected-signatures'], signedMistake((files) => void files.set('bag-info.txt', Buffer.from(text(files, 'bag-info.txt').replace('cms,jws', 'cms,jws,seal'))))],
  ['a signed pack is counted wrong', ['payload-oxum'], signedMistake((files) => void files.set('bag-info.txt', Buffer.from(text(files, 'bag-info.txt').replace(/(Payload-Oxum: )\d+/u, '$17'))))],
  ['a signed pack has a payload name with a space', ['payload-manifest', 'payload-oxum'], signedMistake((files) => void files.set('data/in dex.txt', some))],
];

const SIGNATURES: readonly Case[] = [
  ['the CMS signature is removed', ['expected-signatures', 'signature-cms'], edit((files) => void files.delete(P7S))],
  ['the JWS is removed', ['expected-signatures', 'signature-jws'], edit((files) => void files.delete(JWS))],
  ['both signatures are removed', ['expected-signatures', 'signature-cms', 'signature-jws'], edit((files) => { files.delete(P7S); files.delete(JWS); })],
  ['signer.pem is removed', ['expected-signatures', 'signature-cms', 'signature-jws', 'signer-trust'], edit((files) => void files.delete(SIGNER))],
  ['signer.pem is that of someone else', ['signature-cms', 'signature-jws', 'signer-trust'], edit((files) => void files.set(SIGNER, Buffer.from(other().signerPem)))],
  ['signer.pem has text in front', ['signature-cms', 'signature-jws', 'signer-trust'], replace(SIGNER, /^/u, 'Trust me:\n')],
  ['signer.pem holds two certificates', ['signature-cms', 'signature-jws', 'signer-trust'], edit((files) => void files.set(SIGNER, Buffer.from(text(files, SIGNER) + kit.identity.rootPem)))],
  ['the CMS signature is that of another pack', ['signature-cms'], withCms(() => cms({ content: some, signer: signerOf(kit.identity) }))],
  ['the JWS is that of another pack', ['signature-jws'], withJws(() => jws(some, { alg: 'ES256', 'x5t#S256': thumbprintOf(signerOf(kit.identity)) }, signerOf(kit.identity)))],
  ['everything is changed and signed with a certificate of one\'s own', ['signer-trust'], forgedBy(() => ({ signer: signerOf(other()) }), (files) => void files.set(logPath(files), flip(get(files, logPath(files)), 100)))],
  ['the same, with the forged root in the pack too', ['signer-trust'], async () => {
    const identity = other();
    const files = kit.files();
    files.set(logPath(files), flip(get(files, logPath(files)), 100));
    rewritePayloadManifests(files);
    rewriteTagManifests(files);
    files.set('signatures/root.pem', Buffer.from(identity.rootPem));
    await resign(files, signerOf(identity));
    return { zip: zipOfFiles(files) };
  }],
  ['root.pem in the pack is exchanged', ['signer-trust'], edit((files) => void files.set('signatures/root.pem', Buffer.from(other().rootPem)))],
  ['root.pem in the pack is no certificate', ['signer-trust'], edit((files) => void files.set('signatures/root.pem', some))],
  ['an unknown file is put into signatures/', ['expected-signatures'], edit((files) => void files.set('signatures/READ-ME.html', some))],
  ['a text file named .pem is put into signatures/', ['expected-signatures'], edit((files) => void files.set('signatures/note.pem', some))],
  ['a timestamp of garbage is added', ['timestamp'], edit((files) => void files.set(TSR, some))],
  ['a promised timestamp is missing', ['expected-signatures', 'timestamp'], signedMistake((files) => void files.set('bag-info.txt', Buffer.from(text(files, 'bag-info.txt').replace('cms,jws', 'cms,jws,rfc3161'))))],
];

const own = () => signerOf(kit.identity);
const header = (extra: Readonly<Record<string, unknown>> = {}) => ({ alg: 'ES256', 'x5t#S256': thumbprintOf(own()), ...extra });

const JWS_CASES: readonly Case[] = [
  ['the JWS says alg none and has no signature', ['signature-jws'], withJws((content) => jws(content, header({ alg: 'none' }), null))],
  ['the JWS says alg none and keeps a signature', ['signature-jws'], withJws((content) => jws(content, header({ alg: 'none' }), own()))],
  ['the JWS is an HMAC with the public key in PEM', ['signature-jws'], withJws((content) => jws(content, header({ alg: 'HS256' }), { secret: Buffer.from(createPublicKey(own().certificate.publicKey.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'pem' })) }))],
  ['the JWS is an HMAC with the public key in DER', ['signature-jws'], withJws((content) => jws(content, header({ alg: 'HS256' }), { secret: own().certificate.publicKey.export({ type: 'spki', format: 'der' }) }))],
  ['the JWS is an HMAC with the certificate', ['signature-jws'], withJws((content) => jws(content, header({ alg: 'HS256' }), { secret: kit.files().get(SIGNER) ?? some }))],
  ['the JWS names an algorithm of another curve', ['signature-jws'], withJws((content) => jws(content, header({ alg: 'ES384' }), own()))],
  ['the JWS has a critical extension', ['signature-jws'], withJws((content) => jws(content, header({ crit: ['exp'], exp: 1 }), own()))],
  ['the JWS does not encode its payload (b64)', ['signature-jws'], withJws((content) => jws(content, header({ b64: false, crit: ['b64'] }), own()))],
  ['the JWS names another certificate', ['signature-jws'], withJws((content) => jws(content, header({ 'x5t#S256': thumbprintOf(signerOf(other())) }), own()))],
  ['the JWS names no certificate', ['signature-jws'], withJws((content) => jws(content, { alg: 'ES256' }, own()))],
  ['the JWS carries another certificate', ['signature-jws'], withJws((content) => jws(content, header({ x5c: [signerOf(other()).certificate.raw.toString('base64')] }), own()))],
  ['the JWS carries the key that it is signed with', ['signature-jws'], withJws((content) => { const key = ecKey(); return jws(content, header({ jwk: createPublicKey(key).export({ format: 'jwk' }) }), { key }); })],
  ['the JWS is signed with another key', ['signature-jws'], withJws((content) => jws(content, header(), { key: ecKey() }))],
  ['the JWS has a signature of zeros', ['signature-jws'], edit((files) => void files.set(JWS, Buffer.from(text(files, JWS).replace(/\.\.[^\n]*/u, `..${Buffer.alloc(64).toString('base64url')}`))))],
  ['the JWS is not detached', ['signature-jws'], edit((files) => void files.set(JWS, Buffer.from(text(files, JWS).replace('..', `.${get(files, 'tagmanifest-sha256.txt').toString('base64url')}.`))))],
  ['the JWS is cut short', ['signature-jws'], edit((files) => void files.set(JWS, get(files, JWS).subarray(0, 90)))],
  ['the JWS is empty', ['signature-jws'], edit((files) => void files.set(JWS, Buffer.alloc(0)))],
  ['the JWS is followed by another', ['signature-jws'], edit((files) => void files.set(JWS, Buffer.concat([get(files, JWS), get(files, JWS)])))],
  ['the JWS header is an array', ['signature-jws'], edit((files) => void files.set(JWS, Buffer.from(text(files, JWS).replace(/^[^.]+/u, Buffer.from('[]').toString('base64url')))))],
];

const CMS_CASES: readonly Case[] = [
  ['the CMS signature is garbage', ['signature-cms'], edit((files) => void files.set(P7S, some))],
  ['the CMS signature has text after it', ['signature-cms'], replace(P7S, /$/u, 'more\n')],
  ['the CMS signature has a byte after its structure', ['signature-cms'], edit((files) => void files.set(P7S, Buffer.from(`-----BEGIN CMS-----\n${Buffer.concat([Buffer.from(text(files, P7S).replaceAll(/-----.*-----|\n/gu, ''), 'base64'), Buffer.from([0])]).toString('base64')}\n-----END CMS-----\n`)))],
  ['the signing time of the CMS is changed', ['signature-cms'], withCms((content) => cms({ content, signer: own(), afterSigning: (attributes) => attributes.map((each) => (each.type === OID.signingTime ? new Attribute({ type: each.type, values: [new Time({ type: 0, value: new Date('2026-11-19T00:00:00Z') }).toSchema()] }) : each)) }))],
  ['an attribute is added to the CMS', ['signature-cms'], withCms((content) => cms({ content, signer: own(), afterSigning: (attributes) => [...attributes, new Attribute({ type: '1.2.3.4', values: [] })] }))],
  ['an attribute of the CMS is removed', ['signature-cms'], withCms((content) => cms({ content, signer: own(), afterSigning: (attributes) => attributes.slice(1) }))],
  ['the CMS signs another digest', ['signature-cms'], withCms((content) => cms({ content, signer: own(), digests: [Buffer.alloc(32)] }))],
  ['the CMS signs two digests', ['signature-cms'], withCms((content) => cms({ content, signer: own(), digests: [Buffer.alloc(32), Buffer.alloc(32, 1)] }))],
  ['the CMS signs no digest', ['signature-cms'], withCms((content) => cms({ content, signer: own(), digests: [] }))],
  ['the CMS does not say when it was made', ['signature-cms'], withCms((content) => cms({ content, signer: own(), at: null }))],
  ['the CMS signs the content without attributes', ['signature-cms'], withCms((content) => cms({ content, signer: own(), bare: true }))],
  ['the CMS carries the content', ['signature-cms'], withCms((content) => cms({ content, signer: own(), attached: true }))],
  ['the CMS signs another content type', ['signature-cms'], withCms((content) => cms({ content, signer: own(), contentType: OID.timestampInfo }))],
  ['the CMS has two signers', ['signature-cms'], withCms((content) => cms({ content, signer: own(), alsoBy: signerOf(other()) }))],
  ['the CMS carries no certificate', ['signature-cms'], withCms((content) => cms({ content, signer: own(), withoutCertificate: true }))],
  ['the CMS uses SHA-1', ['signature-cms'], withCms((content) => cms({ content, signer: own(), hash: 'sha1' }))],
  ['the CMS is signed by someone else', ['signature-cms'], withCms((content) => cms({ content, signer: signerOf(other()), moreCertificates: [kit.identity.signerPem] }))],
  ['the CMS is in PEM of another kind', ['signature-cms'], withCms((content) => cms({ content, signer: own(), label: 'CERTIFICATE' }))],
  ['the CMS was made after the signer\'s certificate ended', ['signature-cms', 'signer-trust'], withCms((content) => cms({ content, signer: own(), at: '2030-01-01T00:00:00Z' }))],
  ['the CMS was made before the signer\'s certificate began', ['signature-cms', 'signer-trust'], withCms((content) => cms({ content, signer: own(), at: '2026-10-01T00:00:00Z' }))],
];

/** The forger has a key of some kind; the recipient trusts the forger's root, so that only the fault itself is left. */
const trusted = (key: Parameters<typeof stranger>[0], extra: Parameters<typeof stranger>[1] = {}) => forgedBy(() => stranger(key, extra));
const TRUST: readonly Case[] = [
  ['the recipient has another root', ['signer-trust'], () => ({ zip: kit.zip, root: other().rootPem })],
  ['the recipient gives the signer\'s certificate as the root', ['signer-trust'], () => ({ zip: kit.zip, root: kit.identity.signerPem })],
  ['the root is not that of an authority', ['signer-trust'], forgedBy(() => { const { signer, rootKey } = stranger(ecKey()); return { signer, root: certificate({ subject: 'Other Root', issuer: 'Other Root', key: rootKey, issuerKey: rootKey, ca: false }) }; })],
  ['the root may not sign certificates', ['signer-trust'], forgedBy(() => { const { signer, rootKey } = stranger(ecKey()); return { signer, root: certificate({ subject: 'Other Root', issuer: 'Other Root', key: rootKey, issuerKey: rootKey, ca: true, keyUsage: 0x80 }) }; })],
  ['the root had ended', ['signer-trust'], forgedBy(() => { const { signer, rootKey } = stranger(ecKey()); return { signer, root: certificate({ subject: 'Other Root', issuer: 'Other Root', key: rootKey, issuerKey: rootKey, ca: true, to: '2026-06-01T00:00:00Z' }) }; })],
  ['the root has the right name and another key', ['signer-trust'], forgedBy(() => { const { signer } = stranger(ecKey()); const key = ecKey(); return { signer, root: certificate({ subject: 'Other Root', issuer: 'Other Root', key, issuerKey: key, ca: true }) }; })],
  ['the root was issued by another', ['signer-trust'], forgedBy(() => { const { signer, rootKey } = stranger(ecKey()); return { signer, root: certificate({ subject: 'Other Root', issuer: 'Higher Root', key: rootKey, issuerKey: ecKey(), ca: true }) }; })],
  ['the root carries a critical extension', ['signer-trust'], forgedBy(() => { const { signer, rootKey } = stranger(ecKey()); return { signer, root: certificate({ subject: 'Other Root', issuer: 'Other Root', key: rootKey, issuerKey: rootKey, ca: true, unknownCritical: true }) }; })],
  ['the signer\'s certificate had ended', ['signature-cms', 'signer-trust'], trusted(ecKey(), { to: '2026-06-01T00:00:00Z' })],
  ['the signer\'s certificate had not begun', ['signature-cms', 'signer-trust'], trusted(ecKey(), { from: '2026-12-01T00:00:00Z' })],
  ['the signer may not sign documents', ['signer-trust'], trusted(ecKey(), { keyUsage: 0x04 })],
  ['the signer\'s purpose is a web server', ['signer-trust'], trusted(ecKey(), { extendedKeyUsage: '1.3.6.1.5.5.7.3.1' })],
  ['the signer carries a critical extension', ['signature-cms', 'signature-jws', 'signer-trust'], trusted(ecKey(), { unknownCritical: true })],
  ['the signer names another issuer', ['signer-trust'], trusted(ecKey(), { issuer: 'Some Root' })],
  ['the signer was issued by a signer', ['signer-trust'], async () => {
    const { signer: middle, root } = stranger(ecKey());
    const key = ecKey();
    const leaf = certificate({ subject: 'Leaf', issuer: 'Other Signer', key, issuerKey: middle.key, ca: false });
    return chainOf(leaf, key, [middle.certificate.toString()], root);
  }],
  ['the chain is longer than the root allows', ['signer-trust'], async () => {
    const rootKey = ecKey();
    const middleKey = ecKey();
    const key = ecKey();
    const root = certificate({ subject: 'Other Root', issuer: 'Other Root', key: rootKey, issuerKey: rootKey, ca: true, pathLength: 0 });
    const middle = certificate({ subject: 'Middle', issuer: 'Other Root', key: middleKey, issuerKey: rootKey, ca: true });
    return chainOf(certificate({ subject: 'Leaf', issuer: 'Middle', key, issuerKey: middleKey, ca: false }), key, [middle], root);
  }],
];

/** A pack signed by `leaf`, with the certificates between it and the root in the CMS signature. */
const chainOf = async (leaf: string, key: ReturnType<typeof ecKey>, middle: readonly string[], root: string): Promise<Forged> => {
  const signer = { ...signerOf(kit.identity), key, certificate: new (own().certificate.constructor as new (pem: string) => ReturnType<typeof own>['certificate'])(leaf) };
  const files = kit.files();
  files.delete('signatures/root.pem');
  await resign(files, signer);
  files.set(P7S, cms({ content: get(files, 'tagmanifest-sha256.txt'), signer, moreCertificates: middle }));
  return { zip: zipOfFiles(files), root };
};

const zeros = Buffer.alloc(96 * 1024 * 1024);
const CONTAINER: readonly Case[] = [
  ['bytes are put before the archive', ['container'], () => ({ zip: Buffer.concat([some, kit.zip]) })],
  ['bytes are put after the archive', ['container'], () => ({ zip: Buffer.concat([kit.zip, some]) })],
  ['another archive is put after the archive', ['container'], () => ({ zip: Buffer.concat([kit.zip, zipOfFiles(new Map([['x', some]]))]) })],
  ['a comment is added to the archive', ['container'], container((list) => list, { comment: 'see also' })],
  ['a comment is added to an entry', ['container'], changeFirst({ comment: 'see also' })],
  ['the archive is cut in half', ['container'], () => ({ zip: kit.zip.subarray(0, kit.zip.length / 2) })],
  ['the last byte of the archive is missing', ['container'], () => ({ zip: kit.zip.subarray(0, -1) })],
  ['the archive counts too many entries', ['container'], container((list) => list, { countOff: 1 })],
  ['the archive counts too few entries', ['container'], container((list) => list, { countOff: -1 })],
  ['an entry occurs twice', ['container'], container((list) => [...list, ...list.slice(3, 4)])],
  ['a second entry with another content has a name that is there', ['container'], addEntry({ name: `${TOP}data/index.html`, data: some })],
  ['a name differs only in case', ['container', 'payload-complete'], addEntry({ name: `${TOP}data/INDEX.html`, data: some })],
  ['a name differs only in its Unicode form', ['container'], container((list) => [...list, { name: `${TOP}data/\u00e9`, data: some }, { name: `${TOP}data/e\u0301`, data: some }])],
  ['a name is file and folder', ['container'], addEntry({ name: `${TOP}data/index.html/x`, data: some })],
  ['a name leaves the folder', ['container'], addEntry({ name: `${TOP}../../evil.sh`, data: some })],
  ['a name is absolute', ['container'], addEntry({ name: '/etc/cron.d/evil', data: some })],
  ['a name has backslashes', ['container'], addEntry({ name: `${TOP}data\\..\\..\\evil.bat`, data: some })],
  ['a name has a drive letter', ['container'], addEntry({ name: 'C:/evil.bat', data: some })],
  ['a name holds a control character', ['container'], addEntry({ name: `${TOP}data/a\nb`, data: some })],
  ['a name holds a zero byte', ['container'], addEntry({ name: `${TOP}data/a.txt\0.exe`, data: some })],
  ['a name turns the direction of reading', ['container'], addEntry({ name: `${TOP}data/a\u202etxt.exe`, data: some })],
  ['a name is not UTF-8', ['container'], addEntry({ name: Buffer.concat([Buffer.from(`${TOP}data/`), Buffer.from([0xff])]), data: some })],
  ['a name is not marked as UTF-8', ['container'], addEntry({ name: `${TOP}data/ä`, data: some, flags: 0 })],
  ['an entry carries a second name', ['container'], changeFirst({ extra: Buffer.concat([Buffer.from([0x75, 0x70, 9, 0, 1, 0, 0, 0, 0]), Buffer.from('evil')]) })],
  ['an entry is a symbolic link', ['container'], addEntry({ name: `${TOP}data/link`, data: Buffer.from('/etc/passwd'), mode: 0o120777 })],
  ['an entry is a device', ['container'], changeFirst({ mode: 0o020644 })],
  ['an entry is a folder with content', ['container'], addEntry({ name: `${TOP}data/folder/`, data: some, mode: 0o040755 })],
  ['an entry is encrypted', ['container'], changeFirst({ flags: 0x801 })],
  ['an entry is compressed in an unknown way', ['container'], changeFirst({ method: 12 })],
  ['an entry is a bomb', ['container'], addEntry({ name: `${TOP}data/bomb`, data: zeros, stored: deflateRawSync(zeros), method: 8 })],
  ['an entry is longer than announced', ['container'], changeFirst({ method: 8, stored: deflateRawSync(zeros.subarray(0, 1_000_000)), bytes: 10 })],
  ['an entry is shorter than announced', ['container'], changeFirst({ method: 8, stored: deflateRawSync(some), bytes: 1000 })],
  ['the checksum of an entry is wrong', ['container'], changeFirst({ crc: 1 })],
  ['compressed data is damaged', ['container'], changeFirst({ method: 8, stored: Buffer.alloc(50, 0xff) })],
  ['bytes stand after compressed data', ['container'], container(([first, ...rest]) => [{ ...(first as RawEntry), method: 8, stored: Buffer.concat([deflateRawSync((first as RawEntry).data), some]) }, ...rest])],
  ['an entry has another name in its own header', ['container'], changeFirst({ localName: `${TOP}HOW-TO-VERIFY.exe` })],
  ['an entry has another size in its own header', ['container'], changeFirst({ localBytes: 5 })],
  ['bytes lie hidden between two entries', ['container'], changeFirst({ after: some })],
  ['an entry shares the data of another', ['container'], container((list) => [...list, { ...(list[0] as RawEntry), name: `${TOP}data/twin`, sameDataAs: 0 }])],
  ['a file lies beside the folder', ['container'], addEntry({ name: 'READ-ME-FIRST.txt', data: some })],
  ['the pack lies in no folder', ['container'], () => ({ zip: zipOfFiles(kit.files(), '') })],
];

const ALL = { PAYLOAD, MANIFESTS, TAGS, SIGNATURES, JWS_CASES, CMS_CASES, TRUST, CONTAINER };

/** In a damaged container other steps may fail too; everywhere else exactly the named ones do. */
describe.each(Object.entries(ALL).map(([name, cases]) => [name, cases, cases !== CONTAINER] as const))('%s', (_, cases, exact) => {
  it.each(cases)('%s: caught by %j', async (_what, caughtBy, how) => {
    const { zip, root } = await how();
    const result = await kit.verify(zip, root);
    expect(result.verdict).toBe('INVALID');
    const found = failedSteps(result).toSorted();
    if (exact) expect(found).toEqual([...caughtBy].toSorted());
    else expect(found).toEqual(expect.arrayContaining([...caughtBy]));
    expect(result.steps).toHaveLength(11);
  });
});

describe('what a pack may be', () => {
  it('is valid as it was built', async () => {
    const result = await kit.verify(kit.zip);
    expect(result.steps.filter(({ status }) => status !== 'pass').map(({ id, status }) => [id, status])).toEqual([['timestamp', 'not-checked']]);
    expect(result.verdict).toBe('VALID');
  });
  it('is whole, but of an unknown signer, where no root is given', async () => {
    const result = await kit.verify(kit.zip, null);
    expect(result.verdict).toBe('VALID_SIGNER_UNKNOWN');
    expect(statusOf(result, 'signer-trust')).toBe('not-checked');
    expect(result.signer?.issuerFingerprint).toBe(kit.identity.rootFingerprint);
  });
  it('is of an unknown signer, too, when everything was forged and no root is given', async () => {
    const identity = other();
    const files = kit.files();
    files.set('signatures/root.pem', Buffer.from(identity.rootPem));
    await resign(files, signerOf(identity));
    expect((await kit.verify(zipOfFiles(files), null)).verdict).toBe('VALID_SIGNER_UNKNOWN');
  });
  it('is valid when another tool packed it again, in another order and compressed', async () => {
    const list = entries(kit.files()).toReversed().map((entry) => ({ ...entry, method: 8, stored: deflateRawSync(entry.data), mode: 0o100600 }));
    expect((await kit.verify(rawZip({ entries: [{ name: TOP, data: Buffer.alloc(0), mode: 0o040755 }, ...list] }))).verdict).toBe('VALID');
  });
  it('takes the root as DER and with text around it', async () => {
    const pem = kit.identity.rootPem;
    expect((await kit.verify(kit.zip, `subject=Root\n${pem}`)).verdict).toBe('VALID');
  });
  it.each([
    ['RSA with 2,048 bits', rsaKey(2048), 'RS256', 'sha256'],
    ['ECDSA on P-384', ecKey('secp384r1'), 'ES384', 'sha384'],
  ] as const)('is valid when a stranger signed it with %s', async (_, key, alg, hash) => {
    const { signer, root } = stranger(key);
    const files = kit.files();
    files.delete('signatures/root.pem');
    const content = get(files, 'tagmanifest-sha256.txt');
    files.set(SIGNER, Buffer.from(signer.certificate.toString()));
    files.set(P7S, cms({ content, signer, hash }));
    files.set(JWS, jws(content, { alg, 'x5t#S256': thumbprintOf(signer) }, { key, hash }));
    const result = await kit.verify(zipOfFiles(files), root);
    expect(failedSteps(result)).toEqual([]);
    expect(result.verdict).toBe('VALID');
  });
  it('is valid when the chain has a certificate between signer and root', async () => {
    const rootKey = ecKey();
    const middleKey = ecKey();
    const key = ecKey();
    const root = certificate({ subject: 'Other Root', issuer: 'Other Root', key: rootKey, issuerKey: rootKey, ca: true, pathLength: 1 });
    const middle = certificate({ subject: 'Middle', issuer: 'Other Root', key: middleKey, issuerKey: rootKey, ca: true });
    const { zip } = await chainOf(certificate({ subject: 'Leaf', issuer: 'Middle', key, issuerKey: middleKey, ca: false }), key, [middle], root);
    expect((await kit.verify(zip, root)).verdict).toBe('VALID');
  });
  it.each([['RSA with 1,024 bits', () => rsaKey(1024)], ['a curve that is not on the list', () => ecKey('secp521r1')]] as const)('is refused when it is signed with %s', async (_, makeKey) => {
    const key = makeKey();
    const { signer, root } = stranger(key);
    const files = kit.files();
    const content = get(files, 'tagmanifest-sha256.txt');
    files.set(SIGNER, Buffer.from(signer.certificate.toString()));
    files.set(P7S, cms({ content, signer }));
    expect(failedSteps(await kit.verify(zipOfFiles(files), root))).toEqual(expect.arrayContaining(['signature-cms', 'signature-jws', 'signer-trust']));
  });
  it('names the file at fault', async () => {
    const files = kit.files();
    files.set('data/index.html', some);
    const step = (await kit.verify(zipOfFiles(files))).steps.find(({ id }) => id === 'payload-manifest');
    expect(step?.items).toEqual(['data/index.html']);
  });
  it('tells all faults of several kinds at once', async () => {
    const files = kit.files();
    files.set('data/index.html', some);
    files.set('data/extra', some);
    files.delete(JWS);
    files.set('signatures/x.exe', some);
    expect(failedSteps(await kit.verify(zipOfFiles(files)))).toEqual(['payload-manifest', 'payload-complete', 'payload-oxum', 'expected-signatures', 'signature-jws']);
  });
  it(`knows at least 60 ways to tamper (${Object.values(ALL).flat().length})`, () => {
    expect(Object.values(ALL).flat().length).toBeGreaterThanOrEqual(60);
    expect(MADE).toBe('2026-11-20T09:30:00.500Z');
  });
});
