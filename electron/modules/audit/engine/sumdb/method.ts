// How Go checksum databases are checked, for reports.
import { type FormatMethod } from '../method.ts';

export const GO_SUMDB_METHOD: FormatMethod = {
  positions: {
    one: 'Entry',
    counting: 'Entries are counted from 0 in the order of the log; findings about a file name the file.',
    total: 'Entries read',
  },
  steps: [
    'Signatures: every signature line whose key was given was checked over the exact text; a line under an unknown key was ignored, as the definition demands.',
    'Records were compared with the tiles that are there, up to the signed root.',
  ],
  standards: ['Go checksum database', 'C2SP signed-note', 'Merkle trees (RFC 6962)'],
  limits: [
    'An answer alone is signed for its tree, not for its record: the tiles are needed to show that the record is in it.',
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
