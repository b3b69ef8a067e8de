// How RFC 3161 timestamps are checked, for reports.
import { type FormatMethod } from '../method.ts';

export const RFC3161_METHOD: FormatMethod = {
  positions: {
    one: 'Token',
    counting: 'Tokens are counted from 0 in the order of their names.',
    total: 'Tokens read',
  },
  steps: [
    'The token was read strictly as DER; the request must have been granted.',
    'The signature over the token was checked with the authority’s certificate, which the signed attributes must name.',
    'That certificate must be for timestamps alone, and chain to a root that was given, every certificate valid at the time in the token.',
    'The digest in the token was compared with the data, or the head, that was given.',
  ],
  standards: ['RFC 3161, RFC 5816', 'CMS (RFC 5652)', 'X.509 (RFC 5280)'],
  limits: [
    'A timestamp shows that data existed at a time. It says nothing about what happened to it before.',
    'Whether the authority’s clock was right is a matter of trust in the authority.',
  ],
  byHand: null,
  terms: [['Imprint', 'The digest of the data that a timestamp is about.']],
};
