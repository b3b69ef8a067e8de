// The common end of the transparency formats: findings and sentences become a report, and a document a record view.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type {
  AnchorCheck,
  Finding,
  RecordView,
  VerificationReport,
  Verdict,
} from '../../../../../shared/model/verdict.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import type { EngineRun, Verified, VerifyOptions } from '../format.ts';
import { takeIn } from '../intake.ts';
import { FindingList } from '../lines/finding-list.ts';
import { requireRecord } from '../lines/locator.ts';
import { findingsOf } from '../lines/record-fields.ts';
import { Strip } from '../lines/strip.ts';
import { readUpTo } from './small-file.ts';

/** What a verification of this family found, before it is dressed as a report. */
export interface Conclusion {
  readonly format: string;
  readonly dialect?: string;
  /** The verdict where no finding says worse. */
  readonly base: Verdict;
  /** Something from outside vouches for the last record. */
  readonly anchored: boolean;
  readonly records: number;
  readonly findings: FindingList;
  readonly head: string | null;
  readonly proves: readonly string[];
  readonly doesNotProve: readonly string[];
  readonly anchors?: readonly AnchorCheck[];
  readonly forkProof?: string;
  readonly unreferenced?: readonly string[];
  readonly weaknesses?: readonly string[];
  /** Records from here on are vouched for by nothing; null = all are covered. */
  readonly unanchoredFrom?: number | null;
}

const stripOf = (
  records: number,
  findings: readonly Finding[],
  unanchoredFrom: number | null,
): VerificationReport['strip'] => {
  const strip = new Strip();
  for (const { index, count = 1, verdict } of findings) {
    if (index === undefined || verdict === undefined) continue;
    const failed = verdict === 'TAMPERED' || verdict === 'FORK' || verdict === 'GAP';
    const state = failed ? 'failed' : verdict === 'INTACT_BUT_UNANCHORED' ? 'unanchored' : 'attention';
    strip.mark(index, count, state);
  }
  return strip.build(records, unanchoredFrom);
};

/**
 * The report. Reads the source once more for its digest.
 * @throws AppError('file.changed') when the bytes are not those of `options.expectedSha256`, and what the source throws.
 */
export const conclude = async (
  source: Source,
  options: VerifyOptions,
  run: EngineRun,
  began: number,
  conclusion: Conclusion,
): Promise<Verified> => {
  const taken = await takeIn(source, run);
  if (options.expectedSha256 !== undefined && options.expectedSha256 !== taken.sha256)
    throw new AppError('file.changed', { name: source.name });
  const { findings: list, records } = conclusion;
  const { findings, omitted } = list.listed();
  const verdict = list.verdict(conclusion.base);
  const { dialect, anchors, forkProof, weaknesses } = conclusion;
  return {
    report: {
      verdict,
      format: conclusion.format,
      ...(dialect === undefined ? {} : { dialect }),
      records,
      anchored: conclusion.anchored,
      findings: [...findings],
      findingsOmitted: omitted,
      coverage: {
        unprotectedFields: [],
        uncovered: [],
        unreferenced: [...(conclusion.unreferenced ?? [])],
        ...(weaknesses === undefined || weaknesses.length === 0 ? {} : { weaknesses: [...weaknesses] }),
      },
      ...(anchors === undefined || anchors.length === 0 ? {} : { anchors: [...anchors] }),
      ...(forkProof === undefined ? {} : { forkProof }),
      head: conclusion.head,
      startsAfter: null,
      proves: [...conclusion.proves],
      doesNotProve: [...conclusion.doesNotProve],
      source: { name: taken.name, kind: taken.kind, bytes: taken.bytes, sha256: taken.sha256 },
      strip: stripOf(records, findings, conclusion.unanchoredFrom ?? null),
      throughput: { records, bytes: taken.bytes, seconds: (performance.now() - began) / 1000 },
    },
    locator: { every: 1, offsets: [] },
  };
};

const RAW_BYTES = 64 * 1024;

/** A document under the lens, where each record of the format is a file of its own. */
export const documentRecord = async (
  files: readonly SourceFile[],
  verified: Verified,
  index: number,
): Promise<RecordView> => {
  requireRecord(verified, index);
  const file = files[index];
  const raw = file === undefined ? Buffer.alloc(0) : await readUpTo(file, RAW_BYTES);
  return {
    index,
    line: null,
    byteOffset: null,
    path: file?.name ?? null,
    raw: raw.toString('utf8'),
    rawTruncated: (file?.bytes ?? 0) > RAW_BYTES,
    fields: [],
    checks: [],
    findings: [...findingsOf(verified.report, index)],
  };
};
