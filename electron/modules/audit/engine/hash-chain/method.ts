// How a hash-chained log of any dialect is checked, for reports.
import { type FormatMethod, LINES } from '../method.ts';

export const HASH_CHAIN_METHOD: FormatMethod = {
  positions: LINES,
  steps: [
    'Recipe: the fields that hold digests were found in the first records, and ways of hashing were tried on one record until its stored hash came out exactly; the recipe was then confirmed on further records. A match of a whole digest cannot be chance. Where a recipe was given, it was used instead.',
    'Every record was hashed by the recipe and compared with its stored hash. Where it differed, harmless changes of notation were undone one by one; a record counts as explained only where the stored hash is reproduced exactly.',
    'Every link to the record before was followed; chains that stand interleaved in one file were told apart by their own fields. Moved, repeated, missing and competing records were told apart by following the links of the whole file.',
    'Signatures and keyed hashes were checked with the keys that were given; without them this is a finding, not a pass.',
    'Coverage: each field was changed in memory to see whether the hash changes. Fields that no hash protects are named.',
    'Anchor: trusted heads were compared with the hashes of the log.',
  ],
  standards: [
    'SHA-2 (FIPS 180-4) or the algorithm that the recipe names',
    'JSON Canonicalization Scheme (RFC 8785), Python’s json.dumps, JSON.stringify (ECMA-262) or Go’s json.Marshal, as the recipe says',
    'HMAC (RFC 2104) and Ed25519 (RFC 8032) where the recipe names them',
  ],
  limits: [
    'Hashes without a key can all be made again by whoever can write the whole file. Only an anchor from outside the log excludes that.',
    'A chain shows what was recorded and in which order. It cannot show that the content was true, or that every event was recorded.',
  ],
  byHand: null,
  terms: [
    ['Recipe', 'What exactly goes into the hash of a record, and how it is written before it is hashed.'],
  ],
};
