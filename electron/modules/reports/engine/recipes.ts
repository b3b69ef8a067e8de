// How each format is checked, in plain words, and how a reader checks it again by hand without Probity.

export interface Positions {
  readonly one: string;
  readonly counting: string;
  readonly total: string;
}

export interface Recipe {
  readonly title: string;
  /** What a finding's `index` counts: `one` as a column head, `counting` as a sentence, `total` for the key figures. */
  readonly positions: Positions;
  /** One sentence or more per step, in the order in which the verifier works; `…` marks code, here and in `byHand`. */
  readonly steps: readonly string[];
  readonly standards: readonly string[];
  /** What the method can't see, however good the log. */
  readonly limits: readonly string[];
  readonly byHand: { readonly intro: string; readonly code: string; readonly outro: string } | null;
  /** Terms of the glossary that this format needs, beside the common ones. */
  readonly terms: readonly (readonly [term: string, meaning: string])[];
}

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

/** Prints one line per record whose hash does not fit; Python 3.8 or newer, nothing to install. */
export const AGNO_BY_HAND = `import hashlib, json, sys
for index, line in enumerate(open(sys.argv[1], encoding="utf-8", newline="\\n")):
    entry = json.loads(line)
    stored = entry.pop("integrity_hash", None)
    own = hashlib.sha256(json.dumps(entry, sort_keys=True).encode("ascii")).hexdigest()
    if own != stored:
        print(index, "the content does not match integrity_hash")
`;

/** Prints one line per log file; Python 3.8 or newer, nothing to install. Checks hashes, not signatures. */
export const CLOUDTRAIL_BY_HAND = `import gzip, hashlib, json, pathlib, sys
root = pathlib.Path(sys.argv[1])
files = {path.name: path for path in root.rglob("*.json.gz")}
for name in sorted(name for name in files if "_CloudTrail-Digest_" in name):
    for log in json.loads(gzip.open(files[name]).read())["logFiles"]:
        path = files.get(log["s3Object"].rsplit("/", 1)[-1])
        if path is None:
            print("MISSING", log["s3Object"])
        elif hashlib.sha256(gzip.open(path).read()).hexdigest() != log["hashValue"]:
            print("ALTERED", path.name)
        else:
            print("matches", path.name)
`;

const LINES: Positions = {
  one: 'Record',
  counting:
    'Records are counted from 0 and lines from 1, both in the file as given; byte offsets are those of the uncompressed data.',
  total: 'Records read',
};
const FILES: Positions = {
  one: 'File',
  counting:
    'Files are counted from 0: the log files in order of time, then the digest files, absent ones included.',
  total: 'Events in log files that verify',
};

const GUARDIAN: Recipe = {
  title: 'Guardian audit chain (one JSON record per line)',
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

const AGNO: Recipe = {
  title: 'Agno integrity records (one JSON record per line)',
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

const CLOUDTRAIL: Recipe = {
  title: 'AWS CloudTrail log files with digest files',
  positions: FILES,
  steps: [
    'Every digest file was decompressed and its SHA-256 taken. The text that AWS signs was rebuilt from it: end time, place of delivery, that hash, and the signature of the digest file before, each on a line of its own.',
    'Signature: RSA PKCS #1 v1.5 with SHA-256, under the public key whose fingerprint the digest file names. The signature comes from the metadata of the stored object or, where that is missing, from the following digest file, which repeats it.',
    'Chain: each digest file names the one before it; the name, the hash and the signature given for it were compared with the file itself, and its place with the place it states.',
    'Log files: each was decompressed, and its SHA-256 compared with the one in its digest file. Bytes after the end of the compressed data are a finding, because no hash covers them.',
    'Completeness: files that a digest names but that are not there, files that no digest names, and stretches of time that no valid digest covers were listed.',
  ],
  standards: [
    'SHA-256 (FIPS 180-4)',
    'RSASSA-PKCS1-v1_5 (RFC 8017)',
    'gzip (RFC 1952)',
    'AWS CloudTrail digest file structure and custom validation',
  ],
  limits: [
    'The public keys were taken as supplied. That they are the keys that AWS published is for the reader to confirm.',
    'A trail shows what CloudTrail delivered. It cannot show events that the trail was not set up to record.',
  ],
  byHand: {
    intro:
      'Save these lines as `check.py` and run `python3 check.py FOLDER`, where FOLDER is the exported folder. They compare every log file with the hash in its digest file.',
    code: CLOUDTRAIL_BY_HAND,
    outro:
      'This repeats the comparison of log files only. Signatures and the chain of digest files are described under Method and can be repeated with `openssl dgst -sha256 -verify`.',
  },
  terms: [
    [
      'Digest file',
      'A file that AWS writes every hour with the hashes of the log files delivered in that hour; it is signed and names the one before.',
    ],
  ],
};

const RECIPES: readonly (readonly [format: RegExp, recipe: Recipe])[] = [
  [/^guardian-chain$/u, GUARDIAN],
  [/^agno-integrity$/u, AGNO],
  [/^(?:aws-)?cloudtrail(?:-folder)?$/u, CLOUDTRAIL],
];

/** null for a format without a written recipe: the report then says so instead of describing something else. */
export const recipeOf = (format: string): Recipe | null =>
  RECIPES.find(([name]) => name.test(format))?.[1] ?? null;

/** How positions of a format are named and counted; lines of a file where the format is unknown. */
export const positionsOf = (format: string): Positions => recipeOf(format)?.positions ?? LINES;
