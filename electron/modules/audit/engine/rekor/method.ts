// How entries of Sigstore’s Rekor are checked, for reports.
import { type FormatMethod } from '../method.ts';

export const REKOR_METHOD: FormatMethod = {
  positions: {
    one: 'Document',
    counting: 'Documents are counted from 0 in the order of their names.',
    total: 'Documents read',
  },
  steps: [
    'Inclusion: the proof leads from the entry through hashes of neighbours to the root; each step is one SHA-256 over `0x01`, left and right, the leaf is SHA-256 over `0x00` and the entry.',
    'The checkpoint must carry that root and size, signed by a log whose key was given; a signed entry timestamp was checked over its canonical JSON.',
    'The body of the entry was held against the bundle: digest, signature and certificate must be the same; the signature itself was checked, and the certificate must have been valid at the time vouched for.',
    'An artefact that was given was hashed and compared.',
  ],
  standards: [
    'Sigstore bundle and Rekor formats',
    'Merkle trees (RFC 6962, RFC 9162)',
    'JSON Canonicalization Scheme (RFC 8785)',
    'C2SP tlog-checkpoint',
  ],
  limits: [
    'Whether the signer is who should have signed was not judged: identities are shown, not approved.',
    'Certificate transparency and revocation were not checked.',
  ],
  byHand: null,
  terms: [
    [
      'Inclusion proof',
      'A few hashes that lead from one entry to the root over all: they show that the entry is in the log without showing the others.',
    ],
    ['Root', 'The one hash over all entries of a Merkle tree; any change of any entry changes it.'],
    ['Checkpoint', 'What a log signs: its name, how many entries it has, and the root over them.'],
  ],
};
