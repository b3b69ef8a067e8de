// How Acra audit logs are checked, for reports.
import { type FormatMethod, LINES } from '../method.ts';

export const ACRA_METHOD: FormatMethod = {
  positions: LINES,
  steps: [
    'The key of each line was derived from the audit log key, one hash a line.',
    'The value of each line was made again from its text and the MAC of the line before, and compared with the one stored.',
    'Starts and ends of chains were checked; lines without a value and chains without their end line are findings.',
  ],
  standards: ['HMAC-SHA-256 (RFC 2104)', 'SHA-256 (FIPS 180-4)'],
  limits: [
    'After an altered line, the rest of its chain cannot be verified by anyone: what the next line builds on is stored only as a hash.',
    'Nothing links the chains: one that was removed whole leaves no trace.',
  ],
  byHand: null,
  terms: [],
};
