// How syslog-ng secure logs are checked, for reports.
import { type FormatMethod, LINES } from '../method.ts';

export const SLOG_METHOD: FormatMethod = {
  positions: LINES,
  steps: [
    'The key of each entry was derived from the host key, one step an entry.',
    'Each line was decrypted with the key of its number; a line that does not decrypt under its own or any neighbouring key was altered.',
    'Numbers that are missing, stand twice or out of order were listed.',
    'The MAC over all entries was made again in the order of their numbers and compared with the MAC file.',
  ],
  standards: ['AES-256-GCM (NIST SP 800-38D)', 'AES-CMAC (NIST SP 800-38B)', 'syslog-ng secure logging'],
  limits: [
    'Without the MAC file nothing shows that the end was not cut off.',
    'The text before the number of a line is not protected.',
  ],
  byHand: null,
  terms: [],
};
