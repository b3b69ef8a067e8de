// Made-up verification reports, records and pack checks, rich enough to show every part of the audit and evidence rooms.
import type { VerificationSummary } from '../../../shared/model/audit.ts';
import { PACK_STEPS, type PackVerification } from '../../../shared/model/evidence.ts';
import { FINDING_TEXT } from '../../../shared/model/verdict-text.ts';
import type { Finding, RecordView, Stretch, VerificationReport } from '../../../shared/model/verdict.ts';
import { IMPORTS, PACKS, fakeHex } from './fake-data.ts';

const DIGEST_NAME = (hour: number): string =>
  `418273645546_CloudTrail-Digest_eu-central-1_payments_eu-central-1_20260701T${String(hour).padStart(2, '0')}0000Z.json.gz`;
const DIGEST_PATH = (hour: number): string =>
  `AWSLogs/418273645546/CloudTrail-Digest/eu-central-1/2026/07/01/${DIGEST_NAME(hour)}`;

const chainFindings = (records: number): Finding[] => [
  {
    kind: 'EVENT_HASH_MISMATCH',
    verdict: 'TAMPERED',
    index: 78_412,
    line: 78_413,
    byteOffset: 67_911_004,
    expected: fakeHex(1, 64),
    actual: fakeHex(2, 64),
    message:
      'The content of record 78412 does not give its stored event_hash; the chain after it goes on from the stored one.',
  },
  {
    kind: 'EVENT_HASH_MISMATCH',
    verdict: 'TAMPERED',
    index: 78_413,
    line: 78_414,
    byteOffset: 67_911_870,
    expected: fakeHex(3, 64),
    actual: fakeHex(4, 64),
    message: 'The content of record 78413 does not give its stored event_hash.',
  },
  {
    kind: 'EVENT_HASH_MISMATCH',
    verdict: 'TAMPERED',
    index: 121_007,
    line: 121_008,
    byteOffset: 104_800_124,
    expected: fakeHex(5, 64),
    actual: fakeHex(6, 64),
    message: 'The content of record 121007 does not give its stored event_hash.',
  },
  {
    kind: 'LINK_BREAK',
    verdict: 'TAMPERED',
    index: 150_000,
    line: 150_001,
    expected: fakeHex(7, 64),
    actual: fakeHex(8, 64),
    between: ['c1f2-014999', 'c1f2-150043'],
    message: 'Record 150000 names a predecessor that is not in the log.',
  },
  {
    kind: 'DUPLICATE',
    index: 160_200,
    count: 40,
    ofIndex: 160_160,
    line: 160_201,
    message: 'Records 160200 to 160239 repeat records 160160 to 160199.',
  },
  {
    kind: 'DUPLICATE',
    index: records - 1,
    ofIndex: 12,
    line: records,
    message: 'The last record repeats record 12.',
  },
];

const chainStretches = (records: number): Stretch[] => [
  { from: 0, to: 78_412, state: 'verified' },
  { from: 78_412, to: 78_414, state: 'failed' },
  { from: 78_414, to: 121_007, state: 'verified' },
  { from: 121_007, to: 121_008, state: 'failed' },
  { from: 121_008, to: 150_000, state: 'verified' },
  { from: 150_000, to: 150_001, state: 'failed' },
  { from: 150_001, to: 160_200, state: 'verified' },
  { from: 160_200, to: 162_240, state: 'attention', label: 'repeated records' },
  { from: 162_240, to: records, state: 'unanchored' },
];

const HOUR = 3600;
const trailStretches: Stretch[] = Array.from({ length: 24 }, (_, hour): Stretch => {
  const at = { from: hour * HOUR, to: (hour + 1) * HOUR };
  if (hour >= 9 && hour < 12)
    return {
      ...at,
      state: 'uncovered',
      label: `2026-07-01T${String(hour).padStart(2, '0')}:00:00Z to 2026-07-01T${hour + 1}:00:00Z`,
    };
  if (hour === 15) return { ...at, state: 'failed', label: DIGEST_NAME(15) };
  if (hour === 23) return { ...at, state: 'unanchored', label: DIGEST_NAME(23) };
  return { ...at, state: 'verified' };
});

const trailFindings: Finding[] = [
  {
    kind: 'DIGEST_MISSING',
    verdict: 'GAP',
    path: DIGEST_PATH(9),
    index: 130,
    message: 'The digest of 09:00 is named by its successor but is not there.',
  },
  {
    kind: 'DIGEST_MISSING',
    verdict: 'GAP',
    path: DIGEST_PATH(10),
    message: 'The digest of 10:00 is not there.',
  },
  {
    kind: 'DIGEST_MISSING',
    verdict: 'GAP',
    path: DIGEST_PATH(15),
    index: 141,
    expected: fakeHex(30, 64),
    actual: fakeHex(31, 64),
    message: 'The digest of 15:00 is not the one its successor names.',
  },
  {
    kind: 'LOG_UNREFERENCED',
    path: 'AWSLogs/418273645546/CloudTrail/eu-central-1/2026/07/01/418273645546_CloudTrail_eu-central-1_20260701T1005Z_x1.json.gz',
    index: 88,
    message: 'No digest names this log file.',
  },
  {
    kind: 'UNCOVERED_TIME',
    verdict: 'GAP',
    between: ['2026-07-01T09:00:00Z', '2026-07-01T12:00:00Z'],
    message: 'Three hours are covered by no valid digest.',
  },
];

export const findingsOf = (summary: VerificationSummary): Finding[] => {
  if (summary.verdict === 'TAMPERED') return chainFindings(summary.records);
  if (summary.verdict === 'GAP') return trailFindings;
  return summary.findings.flatMap(({ kind, count }) =>
    Array.from({ length: count }, (_, at): Finding => ({
      kind,
      index: at * 7,
      message: FINDING_TEXT[kind].meaning,
    })),
  );
};

export const reportOf = (summary: VerificationSummary): VerificationReport => {
  const log = IMPORTS.find(({ id }) => id === summary.importId);
  const isTrail = summary.format === 'aws-cloudtrail';
  const { records } = summary;
  return {
    verdict: summary.verdict,
    format: summary.format,
    records,
    anchored: summary.anchored,
    findings: findingsOf(summary),
    findingsOmitted: 0,
    coverage: {
      unprotectedFields: summary.format === 'agno-integrity' ? ['integrity_hash'] : [],
      uncovered: isTrail ? [{ from: '2026-07-01T09:00:00Z', to: '2026-07-01T12:00:00Z' }] : [],
      unreferenced: isTrail
        ? [
            'AWSLogs/418273645546/CloudTrail/eu-central-1/2026/07/01/418273645546_CloudTrail_eu-central-1_20260701T1005Z_x1.json.gz',
          ]
        : [],
    },
    head: summary.head,
    startsAfter: null,
    proves:
      summary.verdict === 'TAMPERED'
        ? [
            'Records 78412, 78413 and 121007 are not the ones that were sealed.',
            'All other records are the ones that were sealed, in their order.',
          ]
        : [],
    doesNotProve:
      summary.verdict === 'TAMPERED'
        ? [
            'Who altered the records, when, or why.',
            'That nothing followed the last record: no trusted head was given.',
          ]
        : [],
    source: {
      name: log?.name ?? 'log',
      kind: log?.kind ?? 'file',
      bytes: log?.bytes ?? 0,
      sha256: log?.sha256 ?? fakeHex(9, 64),
    },
    strip: isTrail
      ? { unit: 'second', length: 24 * HOUR, origin: '2026-07-01T00:00:00Z', stretches: trailStretches }
      : {
          unit: 'record',
          length: records,
          origin: null,
          stretches:
            summary.verdict === 'TAMPERED'
              ? chainStretches(records)
              : [
                  {
                    from: 0,
                    to: records,
                    state:
                      summary.verdict === 'INTACT'
                        ? 'verified'
                        : summary.verdict === 'INTACT_BUT_UNANCHORED'
                          ? 'unanchored'
                          : 'attention',
                  },
                ],
        },
    throughput: { records, bytes: log?.bytes ?? 0, seconds: summary.seconds },
  };
};

const event = (index: number): Readonly<Record<string, string | null | number | object>> => ({
  action: index % 3 === 0 ? 'record.read' : 'record.update',
  additional_data: {
    patient: `P-${fakeHex(index, 6)}`,
    reason: 'Müller, Nachsorge',
    note: 'a line that is long enough to wrap in a narrow pane of the record view',
  },
  event_id: `c1f2-${String(index).padStart(6, '0')}`,
  event_type: 'data_access',
  ip_address: `10.4.${index % 250}.17`,
  resource_id: `ehr/${fakeHex(index, 10)}`,
  result: 'success',
  timestamp: '2026-03-04T02:14:55.120331',
  user_agent: 'portal/4.2 (Windows NT 10.0)',
  user_id: 'svc-import',
});

/** One character of difference in the second hash, all of it in the first: as an edit and a slip of the pen would do. */
export const recordOf = (summary: VerificationSummary, index: number): RecordView => {
  const findings = findingsOf(summary).filter((f) => f.index === index);
  const isBad = findings.some((f) => f.kind === 'EVENT_HASH_MISMATCH');
  const body = event(index);
  const text = JSON.stringify(body);
  const stored = fakeHex(index, 64);
  const chain = fakeHex(index + 500_000, 64);
  const previous = index === 0 ? null : fakeHex(index + 499_999, 64);
  return {
    index,
    line: index + 1,
    byteOffset: index * 866,
    path: summary.format === 'aws-cloudtrail' ? DIGEST_PATH(index % 24) : null,
    raw: JSON.stringify({ ...body, event_hash: stored, chain_hash: chain, previous_hash: previous }),
    rawTruncated: false,
    fields: Object.entries(body).map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
    checks: [
      {
        name: 'event_hash',
        stored,
        recomputed: isBad ? fakeHex(index + 1, 64) : stored,
        ok: !isBad,
        hashed: text,
      },
      {
        name: 'chain_hash',
        stored: chain,
        recomputed: isBad ? `${chain.slice(0, 30)}0${chain.slice(31)}` : chain,
        ok: !isBad,
        hashed: `${previous ?? ''}${stored}`,
      },
      { name: 'previous_hash', stored: previous, recomputed: previous, ok: true, hashed: null },
    ],
    findings,
  };
};

export const packCheck = (verdict: PackVerification['verdict']): PackVerification => ({
  verdict,
  steps: PACK_STEPS.map((id) => {
    if (id === 'timestamp')
      return { id, status: 'not-checked' as const, detail: 'The pack declares no timestamp.', items: [] };
    if (id === 'signer-trust' && verdict !== 'VALID')
      return { id, status: 'not-checked' as const, detail: 'No root certificate was given.', items: [] };
    if (verdict === 'INVALID' && id === 'payload-manifest')
      return {
        id,
        status: 'fail' as const,
        detail: '2 files differ from their digests in manifest-sha256.txt.',
        items: ['data/report.pdf', 'data/audit/portal-access-2026-03.jsonl'],
      };
    return {
      id,
      status: 'pass' as const,
      detail:
        id === 'payload-manifest'
          ? '18 files have the SHA-256 and SHA-512 that the manifests name.'
          : 'As declared.',
      items: [],
    };
  }),
  pack: {
    name: 'evidence-AUD-2026-014.zip',
    bytes: 61_204_118,
    sha256: PACKS[0]?.sha256 ?? fakeHex(90, 64),
    externalIdentifier: 'urn:uuid:2f0c9f5e-7a51-4c9e-9b1d-0b8d2f7f3c11',
    auditLogHead: fakeHex(51, 64),
    baggingDate: '2026-11-12',
    completeness: 'complete',
    files: 26,
  },
  signer: {
    subject: 'CN=Nordlicht Audit GmbH evidence signer',
    fingerprint: fakeHex(791, 64),
    issuerFingerprint: fakeHex(792, 64),
    notBefore: '2026-10-01T09:00:00Z',
    notAfter: '2029-10-01T09:00:00Z',
  },
});
