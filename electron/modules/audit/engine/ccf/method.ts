// How receipts of Azure Confidential Ledger and CCF are checked, for reports.
import { type FormatMethod } from '../method.ts';

export const CCF_METHOD: FormatMethod = {
  positions: {
    one: 'Document',
    counting: 'Documents are counted from 0 in the order of their names.',
    total: 'Documents read',
  },
  steps: [
    'The leaf was made again from the digest of the write set, the commit evidence and the claims.',
    'The path of hashes was followed to the root, and the node’s signature over the root checked.',
    'The node’s certificate must be endorsed, step by step, by a service certificate that was given.',
  ],
  standards: ['CCF receipts', 'ECDSA (FIPS 186-5)', 'SHA-256 (FIPS 180-4)'],
  limits: [
    'A receipt shows that the entry was committed. It says nothing about other entries.',
    'Attestation of the nodes was not checked.',
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
