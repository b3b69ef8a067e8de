// What other modules may use of the audit room.
export { COPY_LIMIT, importLog } from './import-log.ts';
export { readSmallFile, verifyLog } from './verify-log.ts';
export type { KeyFile } from './engine/format.ts';
export { getImport } from './repository.ts';
export {
  formatInfos,
  formatMethod,
  formatTitle,
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
export { readingHandlers } from './reading/handlers.ts';
export { ReadingHost } from './reading/reading-host.ts';
export { Readings } from './reading/readings.ts';
export { type ReadOptions, streamRows } from './reading/stream-rows.ts';
export { headsOfFile, parseTrustedHeads } from './engine/trusted-head.ts';
export { COMMITMENT_SCHEME, SECRET_BYTES } from './engine/commitments/record-commitment.ts';
export type { LogCommitment, OpenedLeaf } from './engine/commitments/commit-log.ts';
export { type FormatMethod, LINES, type Positions } from './engine/method.ts';
export { linesOfFile } from './engine/segments/checkpoint-file.ts';
export { joinReceipts } from './engine/segments/join-receipts.ts';
export {
  ephemeralSigner,
  readReceipt,
  readSigner,
  readTrustedKey,
  type Receipt,
  writeReceipt,
} from './engine/segments/receipt.ts';
export { cuttableFile, rangesOf } from './engine/segments/segment.ts';
export { type TimestampAnswer, timestampOver } from './engine/rfc3161/timestamp-over.ts';
export { timestampRequest, timestampResponse } from './engine/rfc3161/make-request.ts';
