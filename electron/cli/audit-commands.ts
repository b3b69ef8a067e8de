// probity audit …: a log on disk, verified without a workspace; the report can be written beside it.
import { randomUUID } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { type VerificationReport, verdictClass } from '../../shared/model/verdict.ts';
import { runInHost } from '../jobs/run-in-host.ts';
import { formatInfos, readSmallFile } from '../modules/audit/public.ts';
import { type AuditReportModel, renderAuditReport, reportFooterTemplate } from '../modules/reports/public.ts';
import { systemClock } from '../ports/clock.ts';
import { writeNewFile } from '../ports/write-new-file.ts';
import { wordAt } from './arguments.ts';
import { readCompanions, readHeads, readText } from './companions.ts';
import { joinShards, verifyShard, verifyWithCheckpoint } from './audit-scale-commands.ts';
import type { Context } from './context.ts';
import { reportLines } from './report-lines.ts';
import { EXIT } from './usage.ts';

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

const writeForkProof = async (path: string, { forkProof }: VerificationReport): Promise<void> => {
  if (forkProof === undefined)
    throw new AppError('usage.invalid', { reason: 'the log shows no two histories, so there is no proof' });
  await writeNewFile(
    resolve(path),
    (async function* content() {
      yield Buffer.from(forkProof, 'utf8');
    })(),
  );
};

/** `--report`, if it was given. @throws AppError usage.invalid before long work, where the name says no format. */
const wantedReport = ({ args }: Context): string | undefined => {
  const wanted = args.text('report');
  if (wanted !== undefined && !/\.(?:pdf|html)$/u.test(wanted))
    throw new AppError('usage.invalid', { reason: '--report takes a name that ends in .pdf or .html' });
  return wanted;
};

/** Prints and writes what was asked for; the exit code says what the verdict is worth. */
const answer = async (
  context: Context,
  report: VerificationReport,
  trustedHeads: readonly string[],
): Promise<number> => {
  const { args, terminal } = context;
  const wanted = wantedReport(context);
  if (wanted !== undefined) await writeReport(context, wanted, report, trustedHeads[0] ?? null);
  const proof = args.text('fork-proof');
  if (proof !== undefined) await writeForkProof(proof, report);
  if (args.flag('json')) terminal.json(report);
  else for (const line of reportLines(report)) terminal.line(line);
  return verdictClass(report.verdict) === 'fail' ? EXIT.failed : EXIT.ok;
};

const verify = async (context: Context): Promise<number> => {
  const { args, terminal, parts } = context;
  const shard = args.text('shard');
  if (shard !== undefined) return verifyShard(context, shard);
  const path = resolve(wordAt(args, 2, 'PATH'));
  wantedReport(context);
  const trustedHeads = await readHeads(args.all('head'));
  const checkpoint = args.text('checkpoint');
  if (checkpoint !== undefined)
    return answer(context, await verifyWithCheckpoint(context, checkpoint, trustedHeads), trustedHeads);
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
  return answer(context, report, trustedHeads);
};

const join = async (context: Context): Promise<number> => {
  wantedReport(context);
  const trustedHeads = await readHeads(context.args.all('head'));
  return answer(context, await joinShards(context, trustedHeads), trustedHeads);
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
  if (verb === 'join') return join(context);
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
