// How systemd journals are checked, for reports.
import { type FormatMethod } from '../method.ts';

export const JOURNALD_METHOD: FormatMethod = {
  positions: {
    one: 'Entry',
    counting: 'Entries are counted from 0 in the order of the file.',
    total: 'Entries read',
  },
  steps: [
    'Every object of the file was read: type, size, offsets, and the hash of every field’s content, through its compression where that could be undone.',
    'Every reference was followed: entry arrays and hash tables must reach every object, in order and once; sequence numbers and clocks must run forward.',
    'Seals: with the verification key, the key of each period was derived and every tag’s HMAC made again over all objects since the tag before. A clock outside of its tag’s period is a finding.',
    'Damage did not stop the reading: it went on at the next whole object.',
  ],
  standards: [
    'systemd journal file format and forward secure sealing',
    'HMAC-SHA-256 (RFC 2104)',
    'Seekable sequential key generators (Marson, Poettering 2013)',
  ],
  limits: [
    'Entries after the last tag are not sealed yet.',
    'A file cut off exactly behind a tag looks complete; only a later file, or a record of its length from elsewhere, shows it.',
  ],
  byHand: null,
  terms: [
    [
      'Seal',
      'An HMAC under a key that is destroyed after its period, so that later intruders cannot change earlier entries.',
    ],
  ],
};
