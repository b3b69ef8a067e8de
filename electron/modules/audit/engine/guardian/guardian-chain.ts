// The Guardian chain: verifies AuditLogger exports record by record and link by link, in one streaming pass.
import type { Source } from '../../../../ports/source.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { PagePool } from '../lines/page-pool.ts';
import { readLog } from '../lines/read-log.ts';
import { verifyInThreads } from '../segments/in-threads.ts';
import { conclude, GUARDIAN_ID as ID } from './conclude.ts';
import { GUARDIAN_REPAIR, GUARDIAN_SHAPE, GuardianPass } from './guardian-pass.ts';
import { GUARDIAN_METHOD } from './method.ts';
import { guardianRecordView } from './record-view.ts';
import { recognise } from './recognise.ts';

const TITLE = 'Guardian hash chain (JSONL)';

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> =>
  (await verifyInThreads(source, options, run)) ?? verifyHere(source, options, run);

const verifyHere = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const pool = new PagePool();
  try {
    const pass = new GuardianPass({ pool });
    const reading = await readLog(source, ID, options, run, pass);
    return conclude(pass, reading, options.trustedHeads, { name: source.name, kind: source.kind, began });
  } finally {
    pool.close();
  }
};

/** Guardian AuditLogger exports: JSON lines (or a JSON array), plain or gzip. Format: design/audit.md section 1.1. */
export const guardianChain: AuditFormat = {
  id: ID,
  title: TITLE,
  summary:
    'One JSON record per line with event_hash, chain_hash and previous_hash, as Guardian’s AuditLogger writes them.',
  method: GUARDIAN_METHOD,
  detect: (source) =>
    recognise(source, {
      id: ID,
      title: TITLE,
      shape: GUARDIAN_SHAPE,
      repair: GUARDIAN_REPAIR,
      marks: ['previous_hash', 'event_id'],
      names: 'event_hash, chain_hash and previous_hash',
    }),
  verify,
  record: (source, verified, index) => guardianRecordView(source, verified, index, ID),
};
