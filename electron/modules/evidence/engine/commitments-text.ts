// The text in a pack that says exactly how quoted records are committed to and proved.

/** data/commitments.txt: plain text, LF; the definition that verify.py implements (see record-commitment.ts). */
export const COMMITMENTS_TEXT = `HOW THE QUOTED RECORDS ARE PROVED (probity-commitments/1)

quoted-records.json holds, for one log, the root of a Merkle tree over ALL its records, and for each quoted record its
commitment and an inclusion proof. Its signature is the pack's. What a quoted record says lies in a file of its own,
records/<index>.json (the opening). An opening may be deleted from a copy of the pack: everything else then still
verifies, and verify.py names what was withheld. Nobody can tell from a commitment what a withheld record said, and
nobody can show another record in its place.

  || joins bytes, u32be and u64be are unsigned big-endian numbers, |x| is the length of x in bytes, "…" is ASCII.

  salt        HMAC-SHA256(secret, "probity-record-salt-v1" || u64be(leaf))
              secret: 32 random bytes, drawn for one log in one pack. Given in quoted-records.json only where the log
              itself is in the pack; otherwise forgotten when the pack was built.
  commitment  unit "record":  SHA-256("probity-record-v1" || u32be(|salt|) || salt || u64be(|record|) || record)
              unit "file":    SHA-256("probity-file-v1" || u32be(|salt|) || salt || u32be(|name|) || name
                                      || u64be(|file|) || file)
              a record of more than 16 MiB:
                              SHA-256("probity-record-too-long-v1" || u32be(|salt|) || salt || u64be(|record|))
  leaf hash   SHA-256(0x00 || commitment)                     RFC 9162 section 2.1.1
  node hash   SHA-256(0x01 || left || right)                  RFC 9162 section 2.1.1
  proof       the siblings from the leaf to the root          RFC 9162 section 2.1.3

Unit "record": the text of the log (inflated where it is gzip) is cut at each LF; one CR at the end of a line, a byte
order mark at its beginning, and spaces, tabs and CR before its first other byte don't belong to the record; lines
without any other byte are no records. Where the text begins with "[" and then "{" or "]" it is a JSON array, and its
elements without the white space around them are the records. Records are counted from zero; findings count the same. The line
with the column names of a CSV file is a leaf too: record i then is leaf i + 1.
Unit "file": the files of the log, sorted by their names (UTF-16 code units), are the leaves.

CHECK ONE BY HAND: salt and content are in the opening; make the commitment, the leaf hash, and go up the proof. With
index i in a tree of n leaves: fn = i, sn = n - 1, r = leaf hash; for each p of the proof: if fn is odd or fn = sn then
r = SHA-256(0x01 || p || r), and while fn is even and not 0 halve both; else r = SHA-256(0x01 || r || p); then halve
both, rounding down. At the end sn must be 0 and r the root.
`;
