// probity audit …: a log on disk, verified without a workspace; the report can be written beside it.
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { VERDICT_TEXT } from '../../shared/model/verdict-text.ts';
import { type Finding, type VerificationReport, verdictClass } from '../../shared/model/verdict.ts';
import { runInHost } from '../jobs/run-in-host.ts';
import { formatInfos, type KeyFile, parseTrustedHeads, readSmallFile } from '../modules/audit/public.ts';
import { type AuditReportModel, renderAuditReport, reportFooterTemplate } from '../modules/reports/public.ts';
import { systemClock } from '../ports/clock.ts';
import { writeNewFile } from '../ports/write-new-file.ts';
import { wordAt } from './arguments.ts';
import type { Context } from './context.ts';
import { EXIT } from './usage.ts';

/** Findings that the plain text lists; --json has them all. */
const LISTED = 50;

const whereOf = (finding: Finding): string =>
  [
    finding.path,
    finding.index === undefined
      ? undefined
      : `record ${finding.index}${finding.count === undefined || finding.count === 1 ? '' : `–${finding.index + finding.count - 1}`}`,
    finding.line === undefined ? undefined : `line ${finding.line}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');

/** The answer in plain text. */
export const reportLines = (report: VerificationReport): string[] => {
  const { verdict, findings } = report;
  const rest = findings.length - LISTED + report.findingsOmitted;
  return [
    `${verdict}: ${VERDICT_TEXT[verdict].meaning}`,
    `format ${report.format}, ${report.records} records, ${report.source.bytes} bytes, SHA-256 ${report.source.sha256}`,
    ...(report.head === null
      ? []
      : [`head ${report.head} (${report.anchored ? 'anchored' : 'not anchored'})`]),
    ...findings
      .slice(0, LISTED)
      .map((finding) => `  ${finding.kind} at ${whereOf(finding) || 'the log'}: ${finding.message}`),
    ...(rest > 0 ? [`  and ${rest} more findings (--json lists them)`] : []),
    ...report.proves.map((sentence) => `proves: ${sentence}`),
    ...report.doesNotProve.map((sentence) => `does not prove: ${sentence}`),
  ];
};

/** A head is 64 hex digits, or a file that holds them. */
export const readHeads = async (given: readonly string[]): Promise<string[]> => {
  const heads: string[] = [];
  for (const each of given) {
    const isFile = await stat(each).then(
      (found) => found.isFile(),
      () => false,
    );
    heads.push(...parseTrustedHeads(isFile ? await readText(each) : each));
  }
  return heads;
};

/** Keys that are short texts by nature may be given as such, where no file has that name. */
const KEY_TEXT =
  /^(?:[0-9a-f]{6}(?:-[0-9a-f]{6}){3}\/[0-9a-f]+-[0-9a-f]+|[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+)$/u;
/** A companion larger than this is data to be streamed, e.g. block headers, and no key. */
const KEY_BYTES = 4_194_304;

/** `--key`: key files, key texts, and large companions by their paths. @throws AppError file.* */
const readCompanions = async (given: readonly string[]): Promise<{ keys: KeyFile[]; large: string[] }> => {
  const keys: KeyFile[] = [];
  const large: string[] = [];
  for (const each of given) {
    const size = await stat(each).then(
      (found) => found.size,
      () => null,
    );
    if (size === null && KEY_TEXT.test(each)) keys.push({ name: 'key given', bytes: Buffer.from(each) });
    else if (size !== null && size > KEY_BYTES) large.push(each);
    else keys.push(await readSmallFile(resolve(each)));
  }
  return { keys, large };
};

export const readText = async (path: string): Promise<string> =>
  Buffer.from((await readSmallFile(resolve(path))).bytes).toString('utf8');

/** What a report needs that only a workspace has is said to be absent. */
const writeReport = async (
  context: Context,
  path: string,
  report: VerificationReport,
  trustedHead: string | null,
): Promise<void> => {
  const { host, printer } = context.parts;
  const now = systemClock.now();
  const model: AuditReportModel = {
    locale: 'en',
    reportId: randomUUID(),
    createdAt: now,
    appVersion: host.appVersion,
    organisation: '',
    rootFingerprint: null,
    case: { name: 'Verification on the command line', reference: '', purpose: '' },
    imported: { ...report.source, files: 1, importedAt: now, custody: 'referenced', detections: [] },
    verification: { id: randomUUID(), finishedAt: now, trustedHead, report },
    quoted: [],
  };
  const html = renderAuditReport(model);
  const bytes = path.endsWith('.html')
    ? Buffer.from(html, 'utf8')
    : await printer.print(html, reportFooterTemplate(model));
  await writeNewFile(
    resolve(path),
    (async function* content() {
      yield bytes;
    })(),
  );
};

const verify = async (context: Context): Promise<number> => {
  const { args, terminal, parts } = context;
  const path = resolve(wordAt(args, 2, 'PATH'));
  const wanted = args.text('report');
  if (wanted !== undefined && !/\.(?:pdf|html)$/u.test(wanted))
    throw new AppError('usage.invalid', { reason: '--report takes a name that ends in .pdf or .html' });
  const trustedHeads = await readHeads(args.all('head'));
  const companions = await readCompanions(args.all('key'));
  const anchors = await Promise.all(args.all('anchor').map((file) => readSmallFile(resolve(file))));
  const recipe = args.text('recipe');
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  const host = runInHost(parts.spawn, parts.entry('job-host'));
  const { report } = await host.run(
    'audit.verify',
    {
      source: { at: 'path', path },
      format: args.text('format') ?? null,
      trustedHeads,
      keys: companions.keys,
      anchors,
      data: [...args.all('data'), ...companions.large].map((each) => ({ at: 'path', path: resolve(each) })),
      ...(recipe === undefined ? {} : { recipe: await readText(recipe) }),
      expectedSha256: null,
    },
    { signal: abort.signal, progress: terminal.progress },
  );
  terminal.settle();
  if (wanted !== undefined) await writeReport(context, wanted, report, trustedHeads[0] ?? null);
  if (args.flag('json')) terminal.json(report);
  else for (const line of reportLines(report)) terminal.line(line);
  return verdictClass(report.verdict) === 'fail' ? EXIT.failed : EXIT.ok;
};

const detect = async ({ args, terminal, parts }: Context): Promise<number> => {
  const path = resolve(wordAt(args, 2, 'PATH'));
  const host = runInHost(parts.spawn, parts.entry('job-host'));
  const run = { signal: new AbortController().signal, progress: terminal.progress };
  const intake = await host.run('audit.intake', { source: { at: 'path', path } }, run);
  if (args.flag('json')) terminal.json(intake);
  else {
    terminal.line(`${basename(path)}: ${intake.bytes} bytes, SHA-256 ${intake.sha256}`);
    for (const found of intake.detections)
      terminal.line(`${found.format} (${Math.round(found.confidence * 100)} %): ${found.reason}`);
    if (intake.detections.length === 0) terminal.line('no known format');
  }
  return intake.detections.length === 0 ? EXIT.usage : EXIT.ok;
};

export const auditCommand = async (context: Context): Promise<number> => {
  const verb = wordAt(context.args, 1, 'a command after audit');
  if (verb === 'verify') return verify(context);
  if (verb === 'detect') return detect(context);
  if (verb === 'formats') {
    if (context.args.flag('json')) context.terminal.json(formatInfos());
    else
      for (const { id, title, summary } of formatInfos())
        context.terminal.line(`${id}: ${title}. ${summary}`);
    return EXIT.ok;
  }
  throw new AppError('usage.invalid', { reason: `there is no command audit ${verb}` });
};
