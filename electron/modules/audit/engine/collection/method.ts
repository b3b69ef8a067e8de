// How a folder of several logs is checked, for reports.
import { type FormatMethod } from '../method.ts';

export const COLLECTION_METHOD: FormatMethod = {
  positions: {
    one: 'Record',
    counting:
      'Records are counted from 0 through all logs, by the names of their files; lines and byte offsets are those of each file.',
    total: 'Records read',
  },
  steps: [
    'Every file that is a log or a proof was recognised and verified in its own format; the files beside it were offered as keys and as what proofs are about.',
    'The verdict is the worst of all logs. Each finding names its file.',
  ],
  standards: ['Those of the formats that are named in the findings'],
  limits: [
    'A log that was taken out of the folder as a whole leaves no trace here.',
    'Keys and proofs that lay beside the logs came from the same hands as the logs.',
  ],
  byHand: null,
  terms: [],
};
