// Forging the JWS of a pack: algorithms, headers, keys.
import { createPublicKey } from 'node:crypto';
import { ecKey, jws, thumbprintOf } from './support/forge.ts';
import { signerOf } from './support/pack-kit.ts';
import {
  edit,
  get,
  itCatches,
  JWS,
  kit,
  other,
  own,
  SIGNER,
  some,
  text,
  useKit,
  withJws,
} from './support/tamper-kit.ts';

useKit();

const header = (extra: Readonly<Record<string, unknown>> = {}) => ({
  alg: 'ES256',
  'x5t#S256': thumbprintOf(own()),
  ...extra,
});

itCatches('a pack whose JWS is wrong', 'exactly', [
  [
    'the JWS says alg none and has no signature',
    ['signature-jws'],
    withJws((content) => jws(content, header({ alg: 'none' }), null)),
  ],
  [
    'the JWS says alg none and keeps a signature',
    ['signature-jws'],
    withJws((content) => jws(content, header({ alg: 'none' }), own())),
  ],
  [
    'the JWS is an HMAC with the public key in PEM',
    ['signature-jws'],
    withJws((content) =>
      jws(content, header({ alg: 'HS256' }), {
        secret: Buffer.from(
          createPublicKey(own().certificate.publicKey.export({ type: 'spki', format: 'pem' })).export({
            type: 'spki',
            format: 'pem',
          }),
        ),
      }),
    ),
  ],
  [
    'the JWS is an HMAC with the public key in DER',
    ['signature-jws'],
    withJws((content) =>
      jws(content, header({ alg: 'HS256' }), {
        secret: own().certificate.publicKey.export({ type: 'spki', format: 'der' }),
      }),
    ),
  ],
  [
    'the JWS is an HMAC with the certificate',
    ['signature-jws'],
    withJws((content) =>
      jws(content, header({ alg: 'HS256' }), { secret: kit().files().get(SIGNER) ?? some }),
    ),
  ],
  [
    'the JWS names an algorithm of another curve',
    ['signature-jws'],
    withJws((content) => jws(content, header({ alg: 'ES384' }), own())),
  ],
  [
    'the JWS has a critical extension',
    ['signature-jws'],
    withJws((content) => jws(content, header({ crit: ['exp'], exp: 1 }), own())),
  ],
  [
    'the JWS does not encode its payload (b64)',
    ['signature-jws'],
    withJws((content) => jws(content, header({ b64: false, crit: ['b64'] }), own())),
  ],
  [
    'the JWS names another certificate',
    ['signature-jws'],
    withJws((content) => jws(content, header({ 'x5t#S256': thumbprintOf(signerOf(other())) }), own())),
  ],
  [
    'the JWS names no certificate',
    ['signature-jws'],
    withJws((content) => jws(content, { alg: 'ES256' }, own())),
  ],
  [
    'the JWS carries another certificate',
    ['signature-jws'],
    withJws((content) =>
      jws(content, header({ x5c: [signerOf(other()).certificate.raw.toString('base64')] }), own()),
    ),
  ],
  [
    'the JWS carries the key that it is signed with',
    ['signature-jws'],
    withJws((content) => {
      const key = ecKey();
      return jws(content, header({ jwk: createPublicKey(key).export({ format: 'jwk' }) }), { key });
    }),
  ],
  [
    'the JWS is signed with another key',
    ['signature-jws'],
    withJws((content) => jws(content, header(), { key: ecKey() })),
  ],
  [
    'the JWS has a signature of zeros',
    ['signature-jws'],
    edit(
      (files) =>
        void files.set(
          JWS,
          Buffer.from(text(files, JWS).replace(/\.\.[^\n]*/u, `..${Buffer.alloc(64).toString('base64url')}`)),
        ),
    ),
  ],
  [
    'the JWS is not detached',
    ['signature-jws'],
    edit(
      (files) =>
        void files.set(
          JWS,
          Buffer.from(
            text(files, JWS).replace('..', `.${get(files, 'tagmanifest-sha256.txt').toString('base64url')}.`),
          ),
        ),
    ),
  ],
  [
    'the JWS is cut short',
    ['signature-jws'],
    edit((files) => void files.set(JWS, get(files, JWS).subarray(0, 90))),
  ],
  ['the JWS is empty', ['signature-jws'], edit((files) => void files.set(JWS, Buffer.alloc(0)))],
  [
    'the JWS is followed by another',
    ['signature-jws'],
    edit((files) => void files.set(JWS, Buffer.concat([get(files, JWS), get(files, JWS)]))),
  ],
  [
    'the JWS header is an array',
    ['signature-jws'],
    edit(
      (files) =>
        void files.set(
          JWS,
          Buffer.from(text(files, JWS).replace(/^[^.]+/u, Buffer.from('[]').toString('base64url'))),
        ),
    ),
  ],
]);
