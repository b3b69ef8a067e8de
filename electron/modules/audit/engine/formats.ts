// The list of formats that can be verified. A new one is one folder and one line here.
import { acraAuditLog } from './acra/acra-audit-log.ts';
import { agnoIntegrity } from './agno/agno-integrity.ts';
import { ccfReceipt } from './ccf/ccf-receipt.ts';
import { cloudtrail } from './cloudtrail/cloudtrail.ts';
import { collectionOf } from './collection/collection.ts';
import { EXPORT_FORMATS } from './exports/export-formats.ts';
import type { AuditFormat } from './format.ts';
import { guardianChain } from './guardian/guardian-chain.ts';
import { hashChain } from './hash-chain/hash-chain.ts';
import { journaldFss } from './journald/journald-fss.ts';
import { merkleProof } from './merkle/merkle-proof.ts';
import { treeHead } from './merkle/tree-head.ts';
import { opentimestamps } from './opentimestamps/opentimestamps.ts';
import { rekor } from './rekor/rekor.ts';
import { rfc3161 } from './rfc3161/rfc3161.ts';
import { forkProof } from './signed-note/fork-proof.ts';
import { signedNote } from './signed-note/signed-note.ts';
import { goSumdb } from './sumdb/go-sumdb.ts';
import { syslogNgSlog } from './slog/syslog-ng-slog.ts';
import { tlogProof } from './tlog-proof/tlog-proof.ts';
import { tlogTiles } from './tlog-tiles/tlog-tiles.ts';

/** In the order in which they are shown; the first wins where two are equally sure. */
const SINGLE: readonly AuditFormat[] = [
  tlogTiles,
  tlogProof,
  signedNote,
  forkProof,
  merkleProof,
  treeHead,
  rekor,
  ccfReceipt,
  goSumdb,
  guardianChain,
  cloudtrail,
  agnoIntegrity,
  hashChain,
  journaldFss,
  syslogNgSlog,
  acraAuditLog,
  rfc3161,
  opentimestamps,
];

export const FORMATS: readonly AuditFormat[] = [
  ...SINGLE,
  ...EXPORT_FORMATS,
  collectionOf([...SINGLE, ...EXPORT_FORMATS]),
];
