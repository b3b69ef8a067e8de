// How a transparency log in tiles is checked, for reports.
import { type FormatMethod } from '../method.ts';

export const TLOG_TILES_METHOD: FormatMethod = {
  positions: {
    one: 'Entry',
    counting: 'Entries are counted from 0 in the order of the log; findings about a file name the file.',
    total: 'Entries read',
  },
  steps: [
    'Every entry was hashed and compared with the lowest tiles, every tile with the one above, and the root with every checkpoint.',
    'Signatures: every signature line whose key was given was checked over the exact text; a line under an unknown key was ignored, as the definition demands.',
    'Older checkpoints must be a beginning of the log; where the log signed two that cannot both be true, both are kept as a proof that anyone can check.',
  ],
  standards: ['C2SP tlog-tiles, tlog-checkpoint, tlog-cosignature', 'Merkle trees (RFC 6962, RFC 9162)'],
  limits: [
    'That no other history was shown to someone else is only known by comparing checkpoints with theirs.',
    'What the entries mean was not judged.',
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
