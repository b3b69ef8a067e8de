// Writes the findings of a verification as a JSON file for a pack: every key in a fixed place, the same bytes each time.
import type { Finding, VerificationReport } from '../../../../shared/model/verdict.ts';
import type { CommitmentFacts } from './quoted-document.ts';

export interface FindingsModel {
  readonly verificationId: string;
  readonly importId: string;
  readonly caseId: string;
  /** RFC 3339 UTC. */
  readonly finishedAt: string;
  readonly trustedHead: string | null;
  /** All of them; `trustedHead` is the first. */
  readonly trustedHeads: readonly string[];
  /** The files of a folder, in the order of their names; null for a log that is one file. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[] | null;
  readonly appVersion: string;
  /** The commitments to the log's records; null = there are none. */
  readonly commitments: CommitmentFacts | null;
  readonly report: VerificationReport;
}

/** Name and version of the layout; a reader refuses what it does not know. */
export const FINDINGS_SCHEMA = 'probity-findings/1';

/** Drops the keys that are absent; JSON would drop `undefined` too, but types and readers then agree. */
const present = <T extends Record<string, unknown>>(entries: T): Partial<T> => {
  const kept: Partial<T> = {};
  for (const key of Object.keys(entries) as (keyof T)[])
    if (entries[key] !== undefined) kept[key] = entries[key];
  return kept;
};

const orderedFinding = (finding: Finding): Partial<Finding> =>
  present({
    kind: finding.kind,
    verdict: finding.verdict,
    index: finding.index,
    count: finding.count,
    line: finding.line,
    byteOffset: finding.byteOffset,
    path: finding.path,
    ofIndex: finding.ofIndex,
    between: finding.between,
    expected: finding.expected,
    actual: finding.actual,
    message: finding.message,
  });

const orderedReport = (report: VerificationReport): Record<string, unknown> =>
  present({
    verdict: report.verdict,
    format: report.format,
    dialect: report.dialect,
    records: report.records,
    anchored: report.anchored,
    head: report.head,
    startsAfter: report.startsAfter,
    proves: report.proves,
    doesNotProve: report.doesNotProve,
    coverage: present({
      unprotectedFields: report.coverage.unprotectedFields,
      uncovered: report.coverage.uncovered.map(({ from, to }) => ({ from, to })),
      unreferenced: report.coverage.unreferenced,
      weaknesses: report.coverage.weaknesses,
    }),
    recipe: report.recipe,
    anchors: report.anchors,
    seal: report.seal,
    forkProof: report.forkProof,
    source: {
      name: report.source.name,
      kind: report.source.kind,
      bytes: report.source.bytes,
      sha256: report.source.sha256,
    },
    throughput: {
      records: report.throughput.records,
      bytes: report.throughput.bytes,
      seconds: report.throughput.seconds,
    },
    findingsOmitted: report.findingsOmitted,
    findings: report.findings.map(orderedFinding),
    strip: {
      unit: report.strip.unit,
      length: report.strip.length,
      origin: report.strip.origin,
      stretches: report.strip.stretches.map(({ from, to, state, label }) =>
        present({ from, to, state, label }),
      ),
    },
  });

/**
 * The whole verification, all findings included, as UTF-8 JSON with an end of line at the end. `report` has exactly the
 * form of {@link VerificationReport}; finding n of the printed report is `report.findings[n - 1]`.
 */
export const findingsDocument = (model: FindingsModel): Uint8Array => {
  const document = {
    schema: FINDINGS_SCHEMA,
    verificationId: model.verificationId,
    importId: model.importId,
    caseId: model.caseId,
    finishedAt: model.finishedAt,
    trustedHead: model.trustedHead,
    trustedHeads: model.trustedHeads,
    ...(model.files === null ? {} : { files: model.files.map(({ name, sha256 }) => ({ name, sha256 })) }),
    madeWith: `Probity ${model.appVersion}`,
    ...(model.commitments === null ? {} : { commitments: model.commitments }),
    report: orderedReport(model.report),
  };
  return new TextEncoder().encode(`${JSON.stringify(document, null, 1)}\n`);
};
