// The quoted records of one verification: which ones, their commitments and proofs, and the files they become in a pack.
import { randomBytes } from 'node:crypto';
import { parseRecipe } from '../../../shared/chain/recipe.ts';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import type { RecordView } from '../../../shared/model/verdict.ts';
import type { JobHost, JobRun } from '../../jobs/job-kinds.ts';
import type { Vault } from '../../store/vault.ts';
import {
  COMMITMENT_SCHEME,
  type LogCommitment,
  logSource,
  type OpenVerification,
  SECRET_BYTES,
} from '../audit/public.ts';
import {
  type CommitmentFacts,
  indexesAtFindings,
  openingDocument,
  quotedDocument,
  quotedRecords,
} from '../reports/public.ts';
import type { IndexRange } from '../../../shared/model/evidence.ts';

/** Records that one pack quotes at most: each is read again and printed as a file. */
export const MOST_QUOTED = 1000;

/** All indexes of the ranges, each once, ascending. @throws AppError('evidence.quote_too_long') */
export const indexesOf = (ranges: readonly IndexRange[]): ReadonlySet<number> => {
  const indexes = new Set<number>();
  for (const { from, to } of ranges) {
    for (let index = from; index <= to; index += 1) {
      indexes.add(index);
      if (indexes.size > MOST_QUOTED) throw new AppError('evidence.quote_too_long', { most: MOST_QUOTED });
    }
  }
  return new Set([...indexes].toSorted((a, b) => a - b));
};

export interface QuotedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly role: string;
}

export interface Quoted {
  readonly views: readonly RecordView[];
  /** Whether the report quotes them too. */
  readonly inReport: boolean;
  /** null = the log could not be read any more. */
  readonly facts: CommitmentFacts | null;
  readonly files: readonly QuotedFile[];
}

/** A CSV file names its columns in a line that is no record. */
const headerLinesOf = ({ verified }: OpenVerification): 0 | 1 => {
  const { recipe } = verified.report;
  return recipe !== undefined && parseRecipe(recipe.json).layout === 'csv' ? 1 : 0;
};

/** A log that is kept outside and gone since bears no proofs; one that has changed ends the build. */
const commitmentsOf = async (
  vault: Vault,
  opened: OpenVerification,
  secret: Uint8Array,
  views: readonly RecordView[],
  host: JobHost,
  run: JobRun,
): Promise<LogCommitment | null> => {
  try {
    return await host.run(
      'audit.commit',
      {
        source: (await logSource(vault, opened)).source,
        secret,
        records: opened.verified.report.records,
        headerLines: headerLinesOf(opened),
        wanted: views.map(({ index, path }) => ({ index, path })),
        expectedSha256: opened.imported.log.sha256,
      },
      run,
    );
  } catch (error) {
    if (isAppError(error) && ['file.not_found', 'file.unreadable', 'file.no_permission'].includes(error.code))
      return null;
    throw error;
  }
};

/**
 * `chosen` null: the records at the first findings. `revealsLog`: the log itself is in the pack, so the salts need not be
 * kept from anyone. `place`: the folder of the verification below `data/`.
 * @throws AppError audit.no_such_record for a chosen index that the log doesn't have, file.* and job.cancelled
 */
export const quoteRecords = async (
  vault: Vault,
  opened: OpenVerification,
  request: {
    readonly chosen: ReadonlySet<number> | null;
    readonly revealsLog: boolean;
    readonly place: string;
  },
  host: JobHost,
  run: JobRun,
): Promise<Quoted> => {
  const { chosen, revealsLog, place } = request;
  const views = await quotedRecords(vault, opened, chosen ?? indexesAtFindings(opened));
  if (chosen !== null) {
    const seen = new Set(views.map(({ index }) => index));
    const lost = [...chosen].find((index) => !seen.has(index));
    if (lost !== undefined)
      throw new AppError('audit.no_such_record', {
        index: lost,
        last: Math.max(0, opened.verified.report.records - 1),
      });
  }
  const secret = randomBytes(SECRET_BYTES);
  const committed = await commitmentsOf(vault, opened, secret, views, host, run);
  const facts =
    committed === null
      ? null
      : {
          scheme: COMMITMENT_SCHEME,
          logSha256: opened.imported.log.sha256,
          unit: committed.unit,
          leaves: committed.leaves,
          root: committed.root,
        };
  const opening = (index: number): string => `${place}records/${index}.json`;
  const proven = new Map((committed?.opened ?? []).map((leaf) => [leaf.index, leaf]));
  const files = views.map((view) => ({
    name: opening(view.index),
    bytes: openingDocument(proven.get(view.index) ?? null, view),
    role: 'Quoted record (JSON)',
  }));
  const inReport = chosen === null;
  if (facts === null || committed === null) return { views, inReport, facts: null, files };
  const list = quotedDocument(
    facts,
    revealsLog ? secret.toString('hex') : null,
    inReport,
    committed.opened,
    opening,
  );
  return {
    views,
    inReport,
    facts,
    files: [
      { name: `${place}quoted-records.json`, bytes: list, role: 'Commitments and proofs (JSON)' },
      ...files,
    ],
  };
};
