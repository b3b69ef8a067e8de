// The digest by which the journal vouches for a stored record.
import { hash } from 'node:crypto';

/** A record as it is stored; `body` is canonical JSON text (RFC 8785). */
export interface DigestedRecord {
  readonly kind: string;
  readonly id: string;
  readonly caseId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly body: string;
}

/**
 * SHA-256 (hex) over the canonical JSON of {body, caseId, createdAt, id, kind, updatedAt}. The body's stored text goes
 * in as it stands, so even a change of its spelling shows.
 */
export const recordDigest = (record: DigestedRecord): string => {
  const members = [
    `"body":${record.body}`,
    `"caseId":${JSON.stringify(record.caseId)}`,
    `"createdAt":${JSON.stringify(record.createdAt)}`,
    `"id":${JSON.stringify(record.id)}`,
    `"kind":${JSON.stringify(record.kind)}`,
    `"updatedAt":${JSON.stringify(record.updatedAt)}`,
  ];
  return hash('sha256', `{${members.join(',')}}`, 'hex');
};
