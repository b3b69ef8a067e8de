// A made-up workspace for looking at the renderer: a few cases, logs with every kind of verdict, a long journal.
import type { ImportedLog, VerificationSummary } from '../../../shared/model/audit.ts';
import type { Case } from '../../../shared/model/case.ts';
import type { EvidencePack, Report, SigningIdentity } from '../../../shared/model/evidence.ts';
import type {
  CaseId,
  FileHandle,
  ImportId,
  JobId,
  PackId,
  ReportId,
  VerificationId,
} from '../../../shared/model/ids.ts';
import type { Job } from '../../../shared/model/job.ts';
import type { JournalEntry } from '../../../shared/model/journal.ts';
import type { FindingKind, Verdict } from '../../../shared/model/verdict.ts';

/** Hex digits that look random and are the same at every run (splitmix32). */
export const fakeHex = (seed: number, length: number): string => {
  let state = Math.imul(seed + 1, 0x85ebca6b) ^ 0x5bd1e995;
  let out = '';
  while (out.length < length) {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    out += ((z ^ (z >>> 15)) >>> 0).toString(16).padStart(8, '0');
  }
  return out.slice(0, length);
};

export const caseId = (n: number): CaseId => `case_${fakeHex(n, 32)}` as CaseId;
export const importId = (n: number): ImportId => `imp_${fakeHex(100 + n, 32)}` as ImportId;
export const verificationId = (n: number): VerificationId => `ver_${fakeHex(200 + n, 32)}` as VerificationId;
export const reportId = (n: number): ReportId => `rep_${fakeHex(300 + n, 32)}` as ReportId;
export const packId = (n: number): PackId => `pack_${fakeHex(400 + n, 32)}` as PackId;
export const jobId = (n: number): JobId => `job_${fakeHex(500 + n, 32)}` as JobId;
export const fileHandle = (n: number): FileHandle => `file_${fakeHex(600 + n, 32)}` as FileHandle;
const sha = (n: number): string => fakeHex(700 + n, 64);

export const CASES: Case[] = [
  {
    id: caseId(1),
    name: 'Patient portal: access log after the March incident',
    reference: 'AUD-2026-014',
    purpose:
      'Establish whether the access log handed over by the operator is complete and unaltered (GDPR Art. 33, Art. 5(1)(f)).',
    notes:
      'Operator sent the export on a USB stick on 12 November.\nHead hash was read out by phone by Ms Okafor; noted on sheet 3.\n\nOpen: who had write access to the logging host between 2 and 5 March?',
    createdAt: '2026-11-12T08:40:11.000Z',
    updatedAt: '2026-11-20T15:02:47.120Z',
  },
  {
    id: caseId(2),
    name: 'Cloud trail of the payments account, Q3',
    reference: 'AUD-2026-017',
    purpose: 'Yearly control test ISO 27001 A.8.15 for the payments account.',
    notes: '',
    createdAt: '2026-11-02T10:00:00.000Z',
    updatedAt: '2026-11-19T09:31:05.000Z',
  },
  {
    id: caseId(3),
    name: 'Recruiting assistant: AI Act logging sample',
    reference: 'REV-2026-003',
    purpose: 'Check the event log of the assistant for the duty of Art. 12.',
    notes: '',
    createdAt: '2026-10-21T07:15:00.000Z',
    updatedAt: '2026-11-01T12:00:00.000Z',
  },
  {
    id: caseId(4),
    name: 'Works council request on badge readers',
    reference: '',
    purpose: '',
    notes: '',
    createdAt: '2026-10-05T13:20:00.000Z',
    updatedAt: '2026-10-05T13:20:00.000Z',
  },
];

const log = (
  n: number,
  c: number,
  name: string,
  kind: 'file' | 'folder',
  bytes: number,
  files: number,
  format: string | null,
  reason: string,
  at: string,
): ImportedLog => ({
  id: importId(n),
  caseId: caseId(c),
  name,
  kind,
  bytes,
  files,
  sha256: sha(n),
  importedAt: at,
  custody: bytes > 300_000_000 ? 'referenced' : 'copied',
  detections: format === null ? [] : [{ format, title: format, confidence: 0.99, reason }],
  format,
});

const CHAIN_REASON =
  'The first 20 records have event_hash, chain_hash and previous_hash, and each previous_hash is the chain_hash before it.';

export const IMPORTS: ImportedLog[] = [
  log(
    1,
    1,
    'portal-access-2026-03.jsonl',
    'file',
    173_204_992,
    1,
    'guardian-chain',
    CHAIN_REASON,
    '2026-11-12T08:52:03.000Z',
  ),
  log(
    2,
    1,
    'portal-access-2026-02.jsonl',
    'file',
    166_920_113,
    1,
    'guardian-chain',
    CHAIN_REASON,
    '2026-11-12T08:55:41.000Z',
  ),
  log(
    3,
    2,
    'AWSLogs',
    'folder',
    48_112_204,
    1_482,
    'aws-cloudtrail',
    'The folder holds CloudTrail and CloudTrail-Digest with 12 signed digests.',
    '2026-11-02T10:12:00.000Z',
  ),
  log(
    4,
    3,
    'assistant-events.jsonl',
    'file',
    2_390_114,
    1,
    'agno-integrity',
    'Each record has integrity_hash and no link to the one before.',
    '2026-10-21T07:20:00.000Z',
  ),
  log(
    5,
    1,
    'portal-access-2026-04.jsonl',
    'file',
    866_000_000,
    1,
    'guardian-chain',
    CHAIN_REASON,
    '2026-11-20T14:58:00.000Z',
  ),
];

const verification = (
  n: number,
  imp: number,
  c: number,
  verdict: Verdict,
  records: number,
  findings: readonly [FindingKind, number][],
  at: string,
  trusted: boolean,
): VerificationSummary => ({
  id: verificationId(n),
  importId: importId(imp),
  caseId: caseId(c),
  finishedAt: at,
  verdict,
  format: imp === 3 ? 'aws-cloudtrail' : imp === 4 ? 'agno-integrity' : 'guardian-chain',
  records,
  anchored: trusted,
  head: sha(50 + n),
  trustedHead: trusted ? sha(50 + n) : null,
  findings: findings.map(([kind, count]) => ({ kind, count })),
  seconds: records / 61_000,
});

export const VERIFICATIONS: VerificationSummary[] = [
  verification(
    1,
    1,
    1,
    'TAMPERED',
    200_004,
    [
      ['EVENT_HASH_MISMATCH', 3],
      ['LINK_BREAK', 1],
      ['DUPLICATE', 2],
    ],
    '2026-11-12T09:01:12.000Z',
    false,
  ),
  verification(2, 2, 1, 'INTACT', 192_740, [], '2026-11-12T09:06:30.000Z', true),
  verification(
    3,
    3,
    2,
    'GAP',
    96_512,
    [
      ['DIGEST_MISSING', 3],
      ['LOG_UNREFERENCED', 1],
      ['UNCOVERED_TIME', 1],
    ],
    '2026-11-02T10:14:22.000Z',
    false,
  ),
  verification(4, 4, 3, 'NOT_TAMPER_EVIDENT', 2_760, [], '2026-10-21T07:21:10.000Z', false),
  verification(5, 2, 1, 'INTACT_BUT_UNANCHORED', 192_740, [], '2026-11-12T08:58:00.000Z', false),
];

export const REPORTS: Report[] = [
  {
    id: reportId(1),
    caseId: caseId(1),
    verificationId: verificationId(1),
    createdAt: '2026-11-12T09:30:00.000Z',
    title: 'Verification of portal-access-2026-03.jsonl',
    htmlBytes: 48_112,
    pdfBytes: 184_220,
    pdfSha256: sha(80),
  },
];

export const PACKS: EvidencePack[] = [
  {
    id: packId(1),
    caseId: caseId(1),
    verificationIds: [verificationId(1), verificationId(2)],
    createdAt: '2026-11-12T09:41:00.000Z',
    fileName: 'evidence-AUD-2026-014.zip',
    bytes: 61_204_118,
    sha256: sha(90),
    completeness: 'complete',
    missing: [],
    signerFingerprint: sha(91),
    rootFingerprint: sha(92),
  },
  {
    id: packId(2),
    caseId: caseId(2),
    verificationIds: [verificationId(3)],
    createdAt: '2026-11-03T11:00:00.000Z',
    fileName: 'evidence-AUD-2026-017.zip',
    bytes: 2_204_118,
    sha256: sha(93),
    completeness: 'partial',
    missing: ['The log itself: the user left it out; its digest and the quoted records are in the pack.'],
    signerFingerprint: sha(91),
    rootFingerprint: sha(92),
  },
];

export const IDENTITY: SigningIdentity = {
  commonName: 'Nordlicht Audit GmbH',
  createdAt: '2026-10-01T09:00:00.000Z',
  notAfter: '2029-10-01T09:00:00.000Z',
  rootFingerprint: sha(92),
  signerFingerprint: sha(91),
  rootPem: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
};

const job = (n: number, of: Partial<Job> & Pick<Job, 'kind' | 'state' | 'title'>): Job => ({
  id: jobId(n),
  caseId: caseId(1),
  createdAt: `2026-11-20T15:0${n}:00.000Z`,
  startedAt: `2026-11-20T15:0${n}:00.000Z`,
  finishedAt: null,
  progress: null,
  result: null,
  failure: null,
  ...of,
});

export const FINISHED_JOBS: readonly Job[] = [
  job(1, {
    kind: 'audit.import',
    state: 'succeeded',
    title: 'portal-access-2026-03.jsonl',
    finishedAt: '2026-11-20T15:01:02.400Z',
    result: importId(1),
  }),
  job(2, {
    kind: 'audit.verify',
    state: 'succeeded',
    title: 'portal-access-2026-03.jsonl',
    finishedAt: '2026-11-20T15:02:03.300Z',
    result: verificationId(1),
  }),
  job(3, {
    kind: 'audit.import',
    state: 'failed',
    title: 'events-old.json.gz',
    finishedAt: '2026-11-20T15:03:00.800Z',
    failure: { code: 'archive.truncated', params: { name: 'events-old.json.gz' } },
  }),
  job(4, {
    kind: 'audit.verify',
    state: 'cancelled',
    title: 'portal-access-2026-02.jsonl',
    finishedAt: '2026-11-20T15:04:09.000Z',
    failure: { code: 'job.cancelled', params: {} },
  }),
];

const ACTIONS: readonly (readonly [string, string | null])[] = [
  ['case.read', caseId(1)],
  ['audit.imports', caseId(1)],
  ['audit.report', verificationId(1)],
  ['audit.record', verificationId(1)],
  ['audit.import', importId(1)],
  ['audit.verify', importId(1)],
  ['report.create', reportId(1)],
  ['evidence.build', packId(1)],
  ['settings.change', null],
  ['workspace.unlock', null],
];

/** Entries 0 to `count` − 1, oldest first. */
export const journal = (count: number): JournalEntry[] =>
  Array.from({ length: count }, (_, seq) => {
    const [action, resource] = ACTIONS[(seq * 7) % ACTIONS.length] ?? ['case.read', null];
    const result = seq % 97 === 13 ? 'failure' : seq % 61 === 7 ? 'denied' : 'success';
    return {
      seq,
      eventId: `${fakeHex(seq, 8)}-${fakeHex(seq + 1, 4)}-4${fakeHex(seq + 2, 3)}-a${fakeHex(seq + 3, 3)}-${fakeHex(seq + 4, 12)}`,
      timestamp: new Date(Date.UTC(2026, 9, 1, 9, 0, 0) + seq * 97_013).toISOString(),
      eventType:
        result === 'denied'
          ? 'authorization'
          : action.startsWith('workspace')
            ? 'authentication'
            : 'data_access',
      principal: 'owner',
      resource,
      action,
      result,
      detail: result === 'failure' ? 'file.changed' : result === 'denied' ? 'access.denied' : '',
      chainHash: fakeHex(9_000_000 + seq, 64),
      previousHash: seq === 0 ? null : fakeHex(9_000_000 + seq - 1, 64),
    };
  });
