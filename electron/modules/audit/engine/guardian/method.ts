// How the Guardian chain is checked, for reports, and twelve lines of Python that do it again.
import { type FormatMethod, LINES } from '../method.ts';

/** Prints one line per record that does not verify, and the last chain hash; Python 3.8 or newer, nothing to install. */
export const GUARDIAN_BY_HAND = `import hashlib, json, sys
sha256 = lambda text: hashlib.sha256(text.encode("utf-8")).hexdigest()
previous = None
for index, line in enumerate(open(sys.argv[1], encoding="utf-8", newline="\\n")):
    event = json.loads(line)
    event_hash, chain_hash = event.pop("event_hash", None), event.pop("chain_hash", None)
    link = event.pop("previous_hash", None)
    if sha256(json.dumps(event, sort_keys=True)) != event_hash:
        print(index, "the content does not match event_hash")
    if (sha256(link + str(event_hash)) if link else event_hash) != chain_hash:
        print(index, "chain_hash does not follow from previous_hash and event_hash")
    if link != previous:
        print(index, "previous_hash is not the chain_hash of the line before")
    previous = chain_hash
print("last chain_hash:", previous)
`;

export const GUARDIAN_METHOD: FormatMethod = {
  positions: LINES,
  steps: [
    'Every line was read as one JSON record. A line that is no record is a finding; no line was skipped in silence.',
    'Event hash: all fields of the record but `event_hash`, `chain_hash` and `previous_hash` were written in the form of Python’s `json.dumps(sort_keys=True)`: keys sorted by code point, a space after each comma and colon, every character outside printable ASCII as a `\\u` escape, numbers as Python prints them. The SHA-256 of that text, in hexadecimal, was compared with `event_hash`.',
    'Chain hash: the SHA-256 of the 128 characters `previous_hash` + `event_hash` was compared with `chain_hash`. For a first record, which has no `previous_hash`, `chain_hash` equals `event_hash`.',
    'Link: `previous_hash` was compared with the `chain_hash` of the record before. Where they differ, the links of the whole file were followed, to tell moved, repeated, missing and competing records apart. The order of the chain counts, never that of the timestamps.',
    'Where a content hash did not match, harmless changes of notation were undone one by one (for example `1` back to `1.0`, or a column that an export tool added). A record counts as explained only where the stored hash is reproduced exactly.',
    'Anchor: where a trusted head was supplied, it was compared with the chain hashes of the log.',
  ],
  standards: ['SHA-256 (FIPS 180-4)', 'JSON (RFC 8259), serialised as Python’s json module does'],
  limits: [
    'The hashes use no key: whoever can write the whole file can recompute all of them. Only an anchor from outside the log excludes that.',
    'A chain shows what was recorded and in which order. It cannot show that the content was true, or that every event was recorded.',
  ],
  byHand: {
    intro:
      'Save these lines as `check.py` and run `python3 check.py LOG`, where LOG is the log file. They need nothing but Python.',
    code: GUARDIAN_BY_HAND,
    outro:
      'The records printed are those that do not verify as they stand. Compare the last chain hash with one that was kept outside the log.',
  },
  terms: [
    ['Event hash', 'SHA-256 of the content of one record.'],
    [
      'Chain hash',
      'SHA-256 of the previous chain hash and the event hash: it depends on every record before it.',
    ],
  ],
};
