// The list of formats that can be verified. A new one is one folder and one line here.
import { agnoIntegrity } from './agno/agno-integrity.ts';
import { cloudtrail } from './cloudtrail/cloudtrail.ts';
import { collectionOf } from './collection/collection.ts';
import type { AuditFormat } from './format.ts';
import { guardianChain } from './guardian/guardian-chain.ts';

/** In the order in which they are shown; the first wins where two are equally sure. */
const SINGLE: readonly AuditFormat[] = [guardianChain, cloudtrail, agnoIntegrity];

export const FORMATS: readonly AuditFormat[] = [...SINGLE, collectionOf(SINGLE)];
