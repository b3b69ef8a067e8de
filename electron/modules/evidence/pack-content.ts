// What goes into a pack: per verification its report, findings and quoted records; the logs; and an index of it all.
import { createHash } from 'node:crypto';
import type { IndexRange } from '../../../shared/model/evidence.ts';
import type { CaseId, VerificationId } from '../../../shared/model/ids.ts';
import { recipeScript } from '../../../shared/chain/recipe-script.ts';
import { parseRecipe } from '../../../shared/chain/recipe.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { JobHost, JobRun } from '../../jobs/job-kinds.ts';
import type { Vault } from '../../store/vault.ts';
import { COPY_LIMIT, logSource, type OpenVerification, type Verifications } from '../audit/public.ts';
import {
  composeReport,
  findingsDocument,
  type PackIndexFile,
  type PackIndexVerdict,
  printReport,
  type ReportParts,
} from '../reports/public.ts';
import type { InlineFile, LogToPack } from './engine/build-input.ts';
import { COMMITMENTS_TEXT } from './engine/commitments-text.ts';
import { packedLogPath } from './engine/names.ts';
import { indexesOf, quoteRecords, type Quoted } from './quoted-records.ts';

export interface PackContent {
  readonly inline: readonly InlineFile[];
  readonly logs: readonly LogToPack[];
  readonly verdicts: readonly PackIndexVerdict[];
  readonly files: readonly PackIndexFile[];
  readonly missing: readonly string[];
  /** The head of the log, where the pack is about one log that has one. */
  readonly auditLogHead: string | null;
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Collects while it names: everything that is added is listed in the index. */
class Contents {
  readonly inline: InlineFile[] = [];
  readonly files: PackIndexFile[] = [];

  add(name: string, bytes: Uint8Array, role: string): string {
    this.inline.push({ name, bytes });
    this.files.push({
      path: `data/${name}`,
      originalName: null,
      role,
      bytes: bytes.length,
      sha256: sha256(bytes),
    });
    return `data/${name}`;
  }
}

const addVerification = async (
  vault: Vault,
  opened: OpenVerification,
  place: string,
  contents: Contents,
  quoted: Quoted,
  parts: ReportParts,
): Promise<PackIndexVerdict> => {
  const { summary } = opened.body;
  // Where records were chosen, each is a file of its own that can be withheld: the report then repeats none of them.
  const report = await composeReport(vault, opened, parts, quoted.inReport ? quoted.views : []);
  const reportPath = contents.add(
    `${place}report.pdf`,
    await printReport(report, parts.printer),
    'Report (PDF)',
  );
  contents.add(`${place}report.html`, utf8(report.html), 'Report (HTML)');
  const findingsPath = contents.add(
    `${place}findings.json`,
    findingsDocument({
      verificationId: summary.id,
      importId: summary.importId,
      caseId: summary.caseId,
      finishedAt: summary.finishedAt,
      trustedHead: summary.trustedHead,
      trustedHeads: opened.body.trustedHeads,
      files: opened.imported.log.kind === 'folder' ? opened.imported.entries : null,
      appVersion: parts.host.appVersion,
      commitments: quoted.facts,
      report: opened.verified.report,
    }),
    'Findings (JSON)',
  );
  const { recipe } = opened.verified.report;
  if (recipe !== undefined)
    contents.add(
      `${place}chain-check.py`,
      utf8(recipeScript(parseRecipe(recipe.json))),
      'Checker for this dialect of hash chain (Python)',
    );
  for (const { name, bytes, role } of quoted.files) contents.add(name, bytes, role);
  return { imported: opened.imported.log, verification: report.model.verification, reportPath, findingsPath };
};

const logFiles = (opened: OpenVerification): PackIndexFile[] => {
  const { log } = opened.imported;
  if (log.kind === 'file') {
    return [
      {
        path: packedLogPath(log.sha256, log.name),
        originalName: log.name,
        role: 'Log as imported',
        bytes: log.bytes,
        sha256: log.sha256,
      },
    ];
  }
  return opened.imported.entries.map((entry) => ({
    path: packedLogPath(entry.sha256, entry.name),
    originalName: `${log.name}/${entry.name}`,
    role: 'Log as imported',
    bytes: entry.bytes,
    sha256: entry.sha256,
  }));
};

export interface ContentRequest {
  readonly vault: Vault;
  readonly caseId: CaseId;
  readonly verificationIds: readonly VerificationId[];
  readonly includeLog: boolean;
  readonly quote: readonly IndexRange[] | null;
  readonly verifications: Verifications;
  readonly parts: ReportParts;
}

/** The chosen records of one verification; null = nothing was chosen for any. @throws AppError evidence.quote_* */
const chosenOf = (
  quote: readonly IndexRange[] | null,
  id: VerificationId,
  verifications: number,
): ReadonlySet<number> | null => {
  if (quote === null) return null;
  if (verifications > 1 && quote.some(({ verificationId }) => verificationId === undefined))
    throw new AppError('evidence.quote_unclear');
  return indexesOf(
    quote.filter(({ verificationId }) => verificationId === undefined || verificationId === id),
  );
};

/**
 * Gathers the content of a pack.
 * @throws AppError evidence.no_verification | evidence.quote_* | audit.no_such_record | record.not_found | file.*
 */
export const gatherContent = async (
  request: ContentRequest,
  host: JobHost,
  run: JobRun,
): Promise<PackContent> => {
  const { vault, caseId, verificationIds, includeLog, quote, verifications, parts } = request;
  const known = new Set<string>(verificationIds);
  if (
    quote?.some(({ verificationId }) => verificationId !== undefined && !known.has(verificationId)) === true
  )
    throw new AppError('evidence.quote_unclear');
  const contents = new Contents();
  const logs = new Map<string, LogToPack>();
  const verdicts: PackIndexVerdict[] = [];
  const missing: string[] = [];
  const listed: PackIndexFile[] = [];
  const heads = new Set<string>();
  for (const [position, id] of verificationIds.entries()) {
    if (run.signal.aborted) throw new AppError('job.cancelled');
    run.progress({ step: 'composing', done: position, total: verificationIds.length, unit: 'files' });
    const opened = await verifications.open(vault, id);
    const { log } = opened.imported;
    if (log.caseId !== caseId) throw new AppError('evidence.no_verification');
    const place = verificationIds.length === 1 ? '' : `verifications/${position + 1}/`;
    const chosen = chosenOf(quote, id, verificationIds.length);
    const revealsLog = includeLog && log.bytes <= COPY_LIMIT.bytes;
    const quoted = await quoteRecords(vault, opened, { chosen, revealsLog, place }, host, run);
    if (quoted.facts === null)
      missing.push(
        `The log with SHA-256 ${log.sha256} could not be read any more: its records carry no inclusion proofs.`,
      );
    verdicts.push(await addVerification(vault, opened, place, contents, quoted, parts));
    if (opened.verified.report.head !== null) heads.add(opened.verified.report.head);
    if (logs.has(log.sha256)) continue;
    if (!includeLog)
      missing.push(
        `The log with SHA-256 ${log.sha256} is not in the pack, by choice of its maker: its digest and the quoted records stand for it.`,
      );
    else if (log.bytes > COPY_LIMIT.bytes) {
      missing.push(
        `The log with SHA-256 ${log.sha256} is not in the pack because it is larger than 256 MiB: its digest and the quoted records stand for it.`,
      );
    } else {
      logs.set(log.sha256, {
        source: (await logSource(vault, opened)).source,
        sha256: log.sha256,
        originalName: log.name,
      });
      listed.push(...logFiles(opened));
    }
  }
  const [head] = heads;
  contents.add('commitments.txt', utf8(COMMITMENTS_TEXT), 'How records are proved');
  return {
    inline: contents.inline,
    logs: [...logs.values()],
    verdicts,
    files: [...contents.files, ...listed],
    missing: [...new Set(missing)],
    auditLogHead: heads.size === 1 && head !== undefined && /^[0-9a-f]{64}$/u.test(head) ? head : null,
  };
};
