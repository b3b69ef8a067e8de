// How OpenTimestamps proofs are checked, for reports.
import { type FormatMethod } from '../method.ts';

export const OPENTIMESTAMPS_METHOD: FormatMethod = {
  positions: {
    one: 'Proof',
    counting: 'Proofs are counted from 0 in the order of their names.',
    total: 'Proofs read',
  },
  steps: [
    'The proof was read with the limits of the reference implementation; its digest was compared with the file, where it was given.',
    'Every operation was carried out, from the file’s digest to each attestation.',
    'For Bitcoin, the result must be the Merkle root in the header of the named block. Headers that were given were checked for their work and their links; without a header, block and root are stated and nothing is proved.',
  ],
  standards: ['OpenTimestamps proof format, version 1', 'Bitcoin block headers'],
  limits: [
    'A proof shows that data existed when a block was made. It says nothing about what happened to it before.',
    'A header that was given on its own proves work, not that it is part of the chain that everybody follows.',
  ],
  byHand: null,
  terms: [],
};
