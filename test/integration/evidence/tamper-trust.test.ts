// Certificates that must not be trusted, although every signature with them is right.
import { certificate, ecKey, stranger } from './support/forge.ts';
import { chainOf, forgedBy, itCatches, kit, other, useKit } from './support/tamper-kit.ts';

useKit();

/** The forger has a key of some kind; the recipient trusts the forger's root, so that only the fault itself is left. */
const trusted = (key: Parameters<typeof stranger>[0], extra: Parameters<typeof stranger>[1] = {}) =>
  forgedBy(() => stranger(key, extra));
itCatches('a pack of an untrusted signer', 'exactly', [
  ['the recipient has another root', ['signer-trust'], () => ({ zip: kit().zip, root: other().rootPem })],
  [
    "the recipient gives the signer's certificate as the root",
    ['signer-trust'],
    () => ({ zip: kit().zip, root: kit().identity.signerPem }),
  ],
  [
    'the root is not that of an authority',
    ['signer-trust'],
    forgedBy(() => {
      const { signer, rootKey } = stranger(ecKey());
      return {
        signer,
        root: certificate({
          subject: 'Other Root',
          issuer: 'Other Root',
          key: rootKey,
          issuerKey: rootKey,
          ca: false,
        }),
      };
    }),
  ],
  [
    'the root may not sign certificates',
    ['signer-trust'],
    forgedBy(() => {
      const { signer, rootKey } = stranger(ecKey());
      return {
        signer,
        root: certificate({
          subject: 'Other Root',
          issuer: 'Other Root',
          key: rootKey,
          issuerKey: rootKey,
          ca: true,
          keyUsage: 0x80,
        }),
      };
    }),
  ],
  [
    'the root had ended',
    ['signer-trust'],
    forgedBy(() => {
      const { signer, rootKey } = stranger(ecKey());
      return {
        signer,
        root: certificate({
          subject: 'Other Root',
          issuer: 'Other Root',
          key: rootKey,
          issuerKey: rootKey,
          ca: true,
          to: '2026-06-01T00:00:00Z',
        }),
      };
    }),
  ],
  [
    'the root has the right name and another key',
    ['signer-trust'],
    forgedBy(() => {
      const { signer } = stranger(ecKey());
      const key = ecKey();
      return {
        signer,
        root: certificate({ subject: 'Other Root', issuer: 'Other Root', key, issuerKey: key, ca: true }),
      };
    }),
  ],
  [
    'the root was issued by another',
    ['signer-trust'],
    forgedBy(() => {
      const { signer, rootKey } = stranger(ecKey());
      return {
        signer,
        root: certificate({
          subject: 'Other Root',
          issuer: 'Higher Root',
          key: rootKey,
          issuerKey: ecKey(),
          ca: true,
        }),
      };
    }),
  ],
  [
    'the root carries a critical extension',
    ['signer-trust'],
    forgedBy(() => {
      const { signer, rootKey } = stranger(ecKey());
      return {
        signer,
        root: certificate({
          subject: 'Other Root',
          issuer: 'Other Root',
          key: rootKey,
          issuerKey: rootKey,
          ca: true,
          unknownCritical: true,
        }),
      };
    }),
  ],
  [
    "the signer's certificate had ended",
    ['signature-cms', 'signer-trust'],
    trusted(ecKey(), { to: '2026-06-01T00:00:00Z' }),
  ],
  [
    "the signer's certificate had not begun",
    ['signature-cms', 'signer-trust'],
    trusted(ecKey(), { from: '2026-12-01T00:00:00Z' }),
  ],
  ['the signer may not sign documents', ['signer-trust'], trusted(ecKey(), { keyUsage: 0x04 })],
  [
    "the signer's purpose is a web server",
    ['signer-trust'],
    trusted(ecKey(), { extendedKeyUsage: '1.3.6.1.5.5.7.3.1' }),
  ],
  [
    'the signer carries a critical extension',
    ['signature-cms', 'signature-jws', 'signer-trust'],
    trusted(ecKey(), { unknownCritical: true }),
  ],
  ['the signer names another issuer', ['signer-trust'], trusted(ecKey(), { issuer: 'Some Root' })],
  [
    'the signer was issued by a signer',
    ['signer-trust'],
    async () => {
      const { signer: middle, root } = stranger(ecKey());
      const key = ecKey();
      const leaf = certificate({
        subject: 'Leaf',
        issuer: 'Other Signer',
        key,
        issuerKey: middle.key,
        ca: false,
      });
      return chainOf(leaf, key, [middle.certificate.toString()], root);
    },
  ],
  [
    'the chain is longer than the root allows',
    ['signer-trust'],
    async () => {
      const rootKey = ecKey();
      const middleKey = ecKey();
      const key = ecKey();
      const root = certificate({
        subject: 'Other Root',
        issuer: 'Other Root',
        key: rootKey,
        issuerKey: rootKey,
        ca: true,
        pathLength: 0,
      });
      const middle = certificate({
        subject: 'Middle',
        issuer: 'Other Root',
        key: middleKey,
        issuerKey: rootKey,
        ca: true,
      });
      return chainOf(
        certificate({ subject: 'Leaf', issuer: 'Middle', key, issuerKey: middleKey, ca: false }),
        key,
        [middle],
        root,
      );
    },
  ],
]);
