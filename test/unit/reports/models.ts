// Models of reports as real verifications give them, made from a small Guardian chain that is computed here.
import { createHash } from 'node:crypto';
import type { AuditReportModel } from '../../../electron/modules/reports/engine/audit-report-model.ts';
import type { Finding, RecordView, VerificationReport } from '../../../shared/model/verdict.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface ChainRecord {
  readonly line: string;
  readonly eventHash: string;
  readonly chainHash: string;
  readonly previousHash: string | null;
  /** The text that was hashed. */
  readonly hashed: string;
}

/** Records whose hashes are right, in the notation of Python's json module (ASCII strings and integers only). */
export const guardianChain = (length: number): readonly ChainRecord[] => {
  const records: ChainRecord[] = [];
  let previousHash: string | null = null;
  for (let n = 0; n < length; n += 1) {
    const event: readonly (readonly [string, string])[] = [
      ['action', '"read"'],
      ['event_id', `"evt-${String(n).padStart(5, '0')}"`],
      ['event_type', '"data_access"'],
      ['n', String(n)],
      ['result', '"success"'],
      [
        'timestamp',
        `"2025-03-01T12:${String(Math.floor(n / 60) % 60).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}"`,
      ],
      ['user_id', `"user-${n % 7}"`],
    ];
    const body = event.map(([name, value]) => `"${name}": ${value}`).join(', ');
    const hashed = `{${body}}`;
    const eventHash = sha256(hashed);
    const chainHash: string = previousHash === null ? eventHash : sha256(previousHash + eventHash);
    const line = `{${body}, "event_hash": "${eventHash}", "chain_hash": "${chainHash}", "previous_hash": ${previousHash === null ? 'null' : `"${previousHash}"`}}`;
    records.push({ line, eventHash, chainHash, previousHash, hashed });
    previousHash = chainHash;
  }
  return records;
};

const CHAIN = guardianChain(200);
const FILE = `${CHAIN.map(({ line }) => line).join('\n')}\n`;
export const HEAD = CHAIN.at(-1)?.chainHash ?? '';
export const LOG_SHA256 = sha256(FILE);
const bytes = Buffer.byteLength(FILE);

const edited = CHAIN[57] ?? CHAIN[0];
if (edited === undefined) throw new Error('the chain is empty');
const editedText = edited.hashed.replace('"success"', '"denied"');

export const EDITED: Finding = {
  kind: 'EVENT_HASH_MISMATCH',
  verdict: 'TAMPERED',
  index: 57,
  line: 58,
  byteOffset: CHAIN.slice(0, 57).reduce((sum, { line }) => sum + line.length + 1, 0),
  expected: edited.eventHash,
  actual: sha256(editedText),
  message: 'The content of this record was changed after it was hashed.',
};

export const RECORD_57: RecordView = {
  index: 57,
  line: 58,
  byteOffset: EDITED.byteOffset ?? null,
  path: null,
  raw: edited.line.replace('"success"', '"denied"'),
  rawTruncated: false,
  fields: [{ name: 'event_id', value: 'evt-00057' }],
  checks: [
    {
      name: 'Event hash',
      stored: edited.eventHash,
      recomputed: sha256(editedText),
      ok: false,
      hashed: editedText,
    },
    {
      name: 'Chain hash',
      stored: edited.chainHash,
      recomputed: edited.chainHash,
      ok: true,
      hashed: `${edited.previousHash ?? ''}${edited.eventHash}`,
    },
    { name: 'Link', stored: edited.previousHash, recomputed: edited.previousHash, ok: true, hashed: null },
  ],
  findings: [EDITED],
};

export const verification = (changes: Partial<VerificationReport> = {}): VerificationReport => ({
  verdict: 'INTACT_BUT_UNANCHORED',
  format: 'guardian-chain',
  records: 200,
  anchored: false,
  findings: [],
  findingsOmitted: 0,
  coverage: { unprotectedFields: [], uncovered: [], unreferenced: [] },
  head: HEAD,
  startsAfter: null,
  proves: ['All 200 records verify from the first one on: none was altered, removed, inserted or moved.'],
  doesNotProve: [
    'That nothing followed record 199: a cut-off end leaves no trace.',
    'That the file was not rewritten as a whole.',
  ],
  source: { name: 'guardian-2025-03.jsonl', kind: 'file', bytes, sha256: LOG_SHA256 },
  strip: {
    unit: 'record',
    length: 200,
    origin: null,
    stretches: [{ from: 0, to: 200, state: 'unanchored' }],
  },
  throughput: { records: 200, bytes, seconds: 0.012 },
  ...changes,
});

export const tampered = (changes: Partial<VerificationReport> = {}): VerificationReport =>
  verification({
    verdict: 'TAMPERED',
    findings: [EDITED],
    proves: ['The content of record 57 is not what its writer sealed.', 'The 199 other records verify.'],
    doesNotProve: ['Who changed record 57, when, or why.'],
    strip: {
      unit: 'record',
      length: 200,
      origin: null,
      stretches: [
        { from: 0, to: 57, state: 'unanchored' },
        { from: 57, to: 58, state: 'failed', label: 'Content does not match its hash' },
        { from: 58, to: 200, state: 'unanchored' },
      ],
    },
    ...changes,
  });

export const model = (
  report: VerificationReport | null,
  changes: Partial<AuditReportModel> = {},
): AuditReportModel => ({
  locale: 'en',
  reportId: 'rep_0123456789abcdef0123456789abcdef',
  createdAt: '2026-11-21T09:31:12.000Z',
  appVersion: '0.1.0',
  organisation: 'Hartmann & Okafor Audit GmbH',
  rootFingerprint: sha256('root certificate'),
  case: {
    name: 'Access review, patient portal',
    reference: 'AUD-2026-014',
    purpose: 'Art. 32 audit of the access log for March 2025, on behalf of the DPO.',
  },
  imported: {
    name: 'guardian-2025-03.jsonl',
    kind: 'file',
    bytes,
    files: 1,
    sha256: LOG_SHA256,
    importedAt: '2026-11-21T09:29:40.000Z',
    custody: 'copied',
    detections: [
      {
        format: 'guardian-chain',
        title: 'Guardian audit chain',
        confidence: 0.99,
        reason:
          'The first lines are JSON records with event_hash, chain_hash and previous_hash, and each names the one before.',
      },
    ],
  },
  verification:
    report === null
      ? null
      : {
          id: 'ver_0123456789abcdef0123456789abcdef',
          finishedAt: '2026-11-21T09:30:02.000Z',
          trustedHead: null,
          report,
        },
  quoted: [],
  ...changes,
});

/** A log that is intact, up to a trusted head. */
export const anchored = (): AuditReportModel => {
  const made = model(
    verification({
      verdict: 'INTACT',
      anchored: true,
      proves: ['All 200 records verify up to the trusted head.'],
    }),
  );
  return {
    ...made,
    verification: made.verification === null ? null : { ...made.verification, trustedHead: HEAD },
  };
};
