// How Agno integrity records are checked, for reports, and a few lines of Python that do it again.
import { type FormatMethod, LINES } from '../method.ts';

/** Prints one line per record whose hash does not fit; Python 3.8 or newer, nothing to install. */
export const AGNO_BY_HAND = `import hashlib, json, sys
for index, line in enumerate(open(sys.argv[1], encoding="utf-8", newline="\\n")):
    entry = json.loads(line)
    stored = entry.pop("integrity_hash", None)
    own = hashlib.sha256(json.dumps(entry, sort_keys=True).encode("ascii")).hexdigest()
    if own != stored:
        print(index, "the content does not match integrity_hash")
`;

export const AGNO_METHOD: FormatMethod = {
  positions: LINES,
  steps: [
    'Every line was read as one JSON record. A line that is no record is a finding; no line was skipped in silence.',
    'All fields of the record but `integrity_hash` were written in the form of Python’s `json.dumps(sort_keys=True)`; the SHA-256 of that text, in hexadecimal, was compared with `integrity_hash`.',
    'The format has no link between records and no key, so there is nothing more to check.',
  ],
  standards: ['SHA-256 (FIPS 180-4)', 'JSON (RFC 8259), serialised as Python’s json module does'],
  limits: [
    'Records can be deleted, inserted, moved, or edited and hashed again, and the log still agrees with itself.',
  ],
  byHand: {
    intro:
      'Save these lines as `check.py` and run `python3 check.py LOG`, where LOG is the log file. They need nothing but Python.',
    code: AGNO_BY_HAND,
    outro: 'The records printed are those whose content does not match their own hash.',
  },
  terms: [['Integrity hash', 'SHA-256 of the content of one record, stored in the record itself.']],
};
