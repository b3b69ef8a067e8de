// The command line's words: every command, its options, and what it answers.

export const USAGE = `Probity, a local-first audit and privacy workstation.

usage: probity <command> [options]

Logs
  audit verify PATH        verify an exported log (file or folder)
      --format ID          skip detection          --head HEX|FILE  a head known from outside
      --key FILE           keys and companion files (repeat)
      --anchor FILE        checkpoint, timestamp, proof or earlier report from outside (repeat)
      --data FILE          what a proof is about (repeat)
      --recipe FILE        how a hash chain is hashed, instead of inferring it
      --fork-proof FILE    write the proof of two histories, where there is one
      --report FILE        write the report (.pdf or .html)
      --checkpoint FILE    keep what is verified there, and go on from it: after a kill, or where the log has grown
      --rehash             digest the bytes again that the checkpoint vouches for
      --shard i/n          verify the i-th of n parts and write a signed receipt (--out FILE)
      --sign-key FILE      the Ed25519 key (PEM) that signs receipts; without it one for this run
  audit join RECEIPT...    the report of all parts' receipts together, in any order (options --head, --report)
      --trust-key FILE     refuse receipts of other keys (repeat)
  audit detect PATH        name the format and the reason
  audit formats            list the formats
  log read PATH            list records, without a workspace; or with --workspace DIR --import ID
      --from T --to T      a stretch of time (UTC)  --limit N        so many at most (100; 0 = all)
      --actor X --action X --result X               exact values (repeat)
      --search TEXT        records that contain it: ASCII letters of either case, all else exactly
Evidence
  pack build --out FILE    build a signed evidence pack from a case's latest verifications
      --case ID            the case                --no-log         leave the logs out
      --quote 57,80-90     quote these records, each proved by itself, instead of those at findings
  pack redact FILE --keep 57 --out FILE            a copy that shows only these quoted records; its signature stands
  pack checker --out FILE  write verify.py, the checker that each pack carries
  pack verify FILE         check any EP-1 pack     --root CERT      the signer's root certificate
      --tsa-root CERT      the root of a time-stamping authority (repeat)
  pack stamp FILE          --request OUT.tsq       write a request for a timestamp, to be carried to an authority
      --token X.tsr --out NEW.zip                  write a copy of the pack with the authority's answer
  report create --verification ID --out FILE       write a report (.pdf or .html)
  identity export --out FILE                       write the root certificate
Workspace (all of these take --workspace DIR)
  workspace create         make a workspace        --organisation NAME
  workspace info           name and state, without a passphrase
  case create --name NAME  make a case             --reference TEXT --purpose TEXT --notes TEXT
  case list                list the cases
  import PATH --case ID    take a log in, verify it and keep the result (options as audit verify)
  journal export --out FILE | journal verify       the workspace's own hash-chained journal
Sample
  sample run --out DIR     do the whole sample job: verify, report, pack, check

  --json                   print one JSON document on standard output
  --passphrase-file FILE   where the passphrase is (or the variable PROBITY_PASSPHRASE)
  --help, --version

Exit codes: 0 pass or attention, 1 a check failed, 2 wrong usage or unreadable input, 3 not permitted.
`;

export const EXIT = { ok: 0, failed: 1, usage: 2, denied: 3 } as const;
