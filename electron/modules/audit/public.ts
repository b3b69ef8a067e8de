// What other modules may use of the audit room.
export { COPY_LIMIT, importLog } from './import-log.ts';
export { readSmallFile, verifyLog } from './verify-log.ts';
export type { KeyFile } from './engine/format.ts';
export { getImport } from './repository.ts';
export {
  formatInfos,
  type OpenVerification,
  Verifications,
  logSource,
  recordView,
  summaries,
} from './service.ts';
export {
  editObject,
  metadataDocument,
  publicKeyList,
  trailSigner,
  writeTrail,
} from './engine/cloudtrail/write-trail.ts';
export { parseTrustedHeads } from './engine/trusted-head.ts';
