// How a CloudTrail folder is checked, for reports, and a few lines of Python that compare the logs again.
import { type FormatMethod, FILES } from '../method.ts';

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

export const CLOUDTRAIL_METHOD: FormatMethod = {
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
