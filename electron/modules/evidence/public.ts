// What other modules may use of evidence.
export { readChecker } from './checker.ts';
export { redactPack } from './engine/redact.ts';
export { getIdentity, newIdentityRecord } from './identity-record.ts';
export { requestForPack, stampPack } from './engine/stamp.ts';
