// How bare Merkle proofs are checked, for reports.
import { type FormatMethod } from '../method.ts';

export const MERKLE_PROOF_METHOD: FormatMethod = {
  positions: {
    one: 'Document',
    counting: 'Documents are counted from 0 in the order of their names.',
    total: 'Documents read',
  },
  steps: [
    'Inclusion: the proof leads from the entry through hashes of neighbours to the root; each step is one SHA-256 over `0x01`, left and right, the leaf is SHA-256 over `0x00` and the entry.',
    'Consistency: the hashes must lead both to the root of the smaller tree and to that of the larger one.',
    'A root that was signed or given as trusted head was compared with that of the proof.',
  ],
  standards: ['Merkle trees (RFC 6962, RFC 9162 section 2.1)'],
  limits: [
    'A proof that names its own root shows nothing beyond itself: the root has to come from elsewhere.',
  ],
  byHand: null,
  terms: [
    [
      'Inclusion proof',
      'A few hashes that lead from one entry to the root over all: they show that the entry is in the log without showing the others.',
    ],
    ['Root', 'The one hash over all entries of a Merkle tree; any change of any entry changes it.'],
  ],
};

export const TREE_HEAD_METHOD: FormatMethod = {
  ...MERKLE_PROOF_METHOD,
  steps: [
    'The size, the time and the root were put into the form that RFC 6962 section 3.5 signs, and the signature was checked with the key of the log.',
    'Other tree heads that were given were compared: one size has only one root.',
  ],
  standards: ['Certificate Transparency (RFC 6962)', 'ECDSA (FIPS 186-5) or RSASSA-PKCS1-v1_5 (RFC 8017)'],
  limits: [
    'A tree head commits to the entries of the log, but does not show them.',
    'That the key is that of the log is for the reader to confirm.',
  ],
};
