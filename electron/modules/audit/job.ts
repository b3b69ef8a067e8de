// The heavy steps of the audit module, run in a job host: taking a log in, and verifying it.
import type { Detection } from '../../../shared/model/audit.ts';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import type { JobFunctions, JobKinds, JobRun } from '../../jobs/job-kinds.ts';
import { openArchive } from '../../ports/archive-source.ts';
import { openSourceSpec } from '../../ports/open-source-spec.ts';
import type { Source } from '../../ports/source.ts';
import { applyAnchors, evidenceFor, prepareAnchors } from './engine/anchors/anchors.ts';
import { commitLog } from './engine/commitments/commit-log.ts';
import { detect } from './engine/detect.ts';
import type { AuditFormat, Verified } from './engine/format.ts';
import { FORMATS } from './engine/formats.ts';
import { takeIn } from './engine/intake.ts';
import { resumeVerification } from './engine/segments/resume-job.ts';
import { verifySegment } from './engine/segments/segment.ts';

type VerifyInput = JobKinds['audit.verify']['input'];

const pickFormat = async (source: Source, wanted: string | null): Promise<AuditFormat> => {
  const id = wanted ?? (await detect(source, FORMATS))[0]?.format;
  const format = FORMATS.find((each) => each.id === id);
  if (format !== undefined) return format;
  if (wanted === null) throw new AppError('audit.format_unknown', { name: source.name });
  throw new AppError('audit.format_mismatch', {
    name: source.name,
    format: wanted,
    reason: 'there is no such format',
  });
};

const differs = (source: Source): AppError => new AppError('file.digest_differs', { name: source.name });

/** A file that was swapped since its import may fail in any way: its digest then is the true reason. */
const trueReason = async (
  error: unknown,
  source: Source,
  input: VerifyInput,
  run: JobRun,
): Promise<unknown> => {
  const suspicious = isAppError(error) && error.code.startsWith('audit.');
  if (input.expectedSha256 === null || !suspicious) return error;
  return (await takeIn(source, run)).sha256 === input.expectedSha256 ? error : differs(source);
};

/** Links, sockets and devices in a folder are not followed; the report says so and names them. */
const withSkipped = (verified: Verified, source: Source): Verified => {
  const skipped = source.skipped ?? [];
  if (skipped.length === 0) return verified;
  const { report } = verified;
  const sentence = `Anything about ${skipped.length === 1 ? 'the link or special file' : `the ${skipped.length} links or special files`} in the folder, which were not followed: they are listed as unreferenced.`;
  return {
    ...verified,
    report: {
      ...report,
      doesNotProve: [...report.doesNotProve, sentence],
      coverage: { ...report.coverage, unreferenced: [...report.coverage.unreferenced, ...skipped] },
    },
  };
};

/** The report names what was given: for an archive that is the archive itself, not what it holds. */
const asGiven = async (verified: Verified, given: Source, run: JobRun): Promise<Verified> => {
  const { name, kind, bytes, sha256 } = await takeIn(given, run);
  return { ...verified, report: { ...verified.report, source: { name, kind, bytes, sha256 } } };
};

/** Whether a digest that was given is that of the file, and the format missed it among its hashes. */
const takenForHead = ({ report }: Verified, heads: readonly string[]): boolean =>
  heads.includes(report.source.sha256) &&
  report.findings.some(({ kind, expected }) => kind === 'HEAD_MISMATCH' && expected === report.source.sha256);

const verify = async (input: VerifyInput, run: JobRun): Promise<Verified> => {
  const given = await openSourceSpec(input.source);
  if (given.files.every((file) => file.bytes === 0)) throw new AppError('file.empty', { name: given.name });
  try {
    const source = await openArchive(given);
    const format = await pickFormat(source, input.format);
    const { trustedHeads, keys, recipe } = input;
    const data = await Promise.all((input.data ?? []).map(async (spec) => openSourceSpec(spec)));
    const files = await prepareAnchors(input.anchors ?? [], keys, data, run);
    const anchors = evidenceFor(format.id, files, trustedHeads);
    // A format that knows checkpoints itself compares them with its own: two histories may be proved.
    const companions = [...keys, ...(input.anchors ?? [])];
    const verifyWith = async (heads: readonly string[]): Promise<Verified> => {
      const options = {
        trustedHeads: heads,
        keys: companions,
        data,
        ...(recipe === undefined ? {} : { recipe }),
      };
      const found = withSkipped(await format.verify(source, options, run), source);
      return source === given ? found : asGiven(found, given, run);
    };
    // The report's own digest is of the very bytes that were verified, so one comparison after it is enough.
    const first = await verifyWith(anchors.heads);
    const verified = takenForHead(first, anchors.heads)
      ? await verifyWith(anchors.heads.filter((head) => head !== first.report.source.sha256))
      : first;
    if (input.expectedSha256 !== null && verified.report.source.sha256 !== input.expectedSha256)
      throw differs(given);
    return await applyAnchors(verified, anchors, source === given ? [given] : [given, source], run);
  } catch (error) {
    throw await trueReason(error, given, input, run);
  }
};

const intake = async (
  input: JobKinds['audit.intake']['input'],
  run: JobRun,
): Promise<JobKinds['audit.intake']['output']> => {
  const source = await openSourceSpec(input.source);
  const taken = await takeIn(source, run);
  const detections: readonly Detection[] = await detect(await openArchive(source), FORMATS);
  return { ...taken, detections };
};

/** An archive is compared by its own bytes, its content record by record. */
const commit = async (
  { source: spec, ...request }: JobKinds['audit.commit']['input'],
  run: JobRun,
): Promise<JobKinds['audit.commit']['output']> => {
  const given = await openSourceSpec(spec);
  const source = await openArchive(given);
  if (source === given || request.expectedSha256 === null) return commitLog(source, request, run);
  if ((await takeIn(given, run)).sha256 !== request.expectedSha256) throw differs(given);
  return commitLog(source, { ...request, expectedSha256: null }, run);
};

/** One part of a log by itself: what `audit verify --shard` asks for. */
const segment = async (
  { source, range }: JobKinds['audit.segment']['input'],
  run: JobRun,
): Promise<JobKinds['audit.segment']['output']> => verifySegment(await openSourceSpec(source), range, run);

export const auditJobs: Pick<
  JobFunctions,
  'audit.intake' | 'audit.verify' | 'audit.segment' | 'audit.resume' | 'audit.commit'
> = {
  'audit.intake': intake,
  'audit.verify': verify,
  'audit.segment': segment,
  'audit.resume': resumeVerification,
  'audit.commit': commit,
};
