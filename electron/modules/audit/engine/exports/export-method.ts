// How exports without hashes are sealed and checked, for reports, and a few lines of Python that make the seal again.
import { type FormatMethod, LINES } from '../method.ts';

/** Prints the SHA-256 of the file and the root over its lines; Python 3.8 or newer, nothing to install. */
export const EXPORT_BY_HAND = `import hashlib, sys
def sha256(data):
    return hashlib.sha256(data).digest()
def root(hashes):
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"")
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\\x01" + root(hashes[:split]) + root(hashes[split:]))
data = open(sys.argv[1], "rb").read()
print("file", hashlib.sha256(data).hexdigest())
text = data[3:] if data.startswith(b"\\xef\\xbb\\xbf") else data
lines = [line[:-1] if line.endswith(b"\\r") else line for line in text.split(b"\\n")]
records = [line.lstrip(b" \\t\\r\\n") for line in lines if line.strip(b" \\t\\r\\n")]
print("root", root([sha256(b"\\x00" + record) for record in records]).hex())
`;

export const EXPORT_METHOD: FormatMethod = {
  positions: LINES,
  steps: [
    'The export was read once from its beginning to its end. A record that can not be read is a finding; none was skipped in silence.',
    'Seal: the SHA-256 of each record, behind a zero byte, is a leaf of a tree as in RFC 6962; its root stands for all records, their content and their order.',
    'Numbers: where the source counts its records, the numbers that are missing between the first and the last were listed for each stream of numbers. Where many are missing throughout, the export is a selection, and no gap was reported.',
    'Ids: records with the same id, or without ids with the same bytes, were found by 63 bits of a SHA-256 and then compared in full.',
    'Times: a record that is earlier than the one before it (or later, where the export runs from the newest to the oldest) was listed, and so was each change of the written offset.',
    'A digest known from outside was compared with the SHA-256 of the file and with the root of the seal.',
  ],
  standards: ['SHA-256 (FIPS 180-4)', 'Merkle tree (RFC 6962, section 2.1)'],
  limits: [
    'An export without hashes or signatures can be edited by anyone who holds it, and nothing in it shows that. The seal shows changes from the moment on at which it was made, not before.',
    'Whether records are missing shows only where the source counts them.',
  ],
  byHand: {
    intro:
      'For exports with one record on a line: save these lines as `check.py` and run `python3 check.py LOG`, where LOG is the export. They need nothing but Python.',
    code: EXPORT_BY_HAND,
    outro:
      'Both values stand in this report. For CSV leave out the line that names the columns; for arrays and XML a record is an element, from its first to its last character.',
  },
  terms: [
    [
      'Seal',
      'A digest over all records, made when the export was taken in: whoever keeps it can show later that nothing was changed since.',
    ],
  ],
};
