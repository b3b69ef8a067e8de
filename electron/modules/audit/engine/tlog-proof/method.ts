// How a proof of one entry of a transparency log is checked, for reports.
import { type FormatMethod } from '../method.ts';

export const TLOG_PROOF_METHOD: FormatMethod = {
  positions: {
    one: 'Document',
    counting: 'Documents are counted from 0 in the order of their names.',
    total: 'Documents read',
  },
  steps: [
    'Inclusion: the proof leads from the entry through hashes of neighbours to the root; each step is one SHA-256 over `0x01`, left and right, the leaf is SHA-256 over `0x00` and the entry.',
    'Signatures: every signature line whose key was given was checked over the exact text; a line under an unknown key was ignored, as the definition demands.',
    'The proof must lead to the root of the signed checkpoint.',
  ],
  standards: ['C2SP tlog-proof, tlog-checkpoint', 'Merkle trees (RFC 6962, RFC 9162)'],
  limits: ['Only this entry is shown to be in the log; nothing is said of the others.'],
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
