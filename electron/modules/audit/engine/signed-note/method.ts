// How signed notes and fork proofs are checked, for reports.
import { type FormatMethod } from '../method.ts';

export const SIGNED_NOTE_METHOD: FormatMethod = {
  positions: {
    one: 'Document',
    counting: 'Documents are counted from 0 in the order of their names.',
    total: 'Documents read',
  },
  steps: [
    'The form was checked to the letter before any key was used.',
    'Signatures: every signature line whose key was given was checked over the exact text; a line under an unknown key was ignored, as the definition demands.',
    'Of a checkpoint the log’s own signature is needed; other checkpoints of the same log that were given were compared with it.',
  ],
  standards: [
    'C2SP signed-note, tlog-checkpoint, tlog-cosignature',
    'Ed25519 (RFC 8032), ECDSA (FIPS 186-5), ML-DSA-44 (FIPS 204)',
  ],
  limits: [
    'A signature shows who signed the text. It does not show that the text is true.',
    'That the keys are those of the named signer is for the reader to confirm.',
  ],
  byHand: null,
  terms: [['Checkpoint', 'What a log signs: its name, how many entries it has, and the root over them.']],
};
