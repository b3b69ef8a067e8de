// What other modules may use of evidence.
export { getIdentity, newIdentityRecord } from './identity-record.ts';
