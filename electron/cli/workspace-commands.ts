// probity workspace, case, import, report, identity and journal: the window's operations on a real workspace.
import { resolve } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../shared/errors/app-error.ts';
import { CaseId, ImportId, ReportId, VerificationId } from '../../shared/model/ids.ts';
import { verdictClass } from '../../shared/model/verdict.ts';
import { describeWorkspace } from '../store/workspace-folder.ts';
import { wordAt } from './arguments.ts';
import { readHeads, readText } from './companions.ts';
import { reportLines } from './report-lines.ts';
import { type Context, type Door, readPassphrase, withWorkbench, withWorkspace } from './context.ts';
import { EXIT } from './usage.ts';

/** @throws AppError usage.invalid */
export const idOf = <S extends v.GenericSchema<unknown, unknown>>(
  schema: S,
  text: string,
  what: string,
): v.InferOutput<S> => {
  const parsed = v.safeParse(schema, text);
  if (!parsed.success) throw new AppError('usage.invalid', { reason: `${what} is not an id` });
  return parsed.output;
};

const unknownCommand = (words: readonly string[]): AppError =>
  new AppError('usage.invalid', { reason: `there is no command ${words.slice(0, 2).join(' ')}` });

/** Prints a value as JSON, or in the plain form. */
const answer = ({ args, terminal }: Context, value: unknown, plain: readonly string[]): number => {
  if (args.flag('json')) terminal.json(value);
  else for (const line of plain) terminal.line(line);
  return EXIT.ok;
};

export const workspaceCommand = async (context: Context): Promise<number> => {
  const { args } = context;
  const verb = wordAt(args, 1, 'a command after workspace');
  if (verb === 'info') {
    const found = describeWorkspace(resolve(args.need('workspace')));
    if (!found.exists) throw new AppError('workspace.not_found', { name: found.name });
    return answer(context, found, [
      `${found.name}: made ${found.createdAt ?? 'unknown'}${found.problem === null ? '' : `, ${found.problem}`}`,
    ]);
  }
  if (verb !== 'create') throw unknownCommand(args.words);
  return withWorkbench(context, async (door) => {
    const place = door.handle(args.need('workspace'));
    const passphrase = await readPassphrase(args);
    const status = await door.call('workspace.create', {
      place,
      passphrase,
      organisation: args.text('organisation') ?? '',
    });
    const identity = await door.call('evidence.identity', {});
    return answer(context, { ...status, rootFingerprint: identity.rootFingerprint }, [
      `made ${status.name ?? ''}`,
      `root certificate SHA-256 ${identity.rootFingerprint}`,
    ]);
  });
};

export const caseCommand = (context: Context): Promise<number> =>
  withWorkspace(context, async (door) => {
    const { args } = context;
    const verb = wordAt(args, 1, 'a command after case');
    if (verb === 'list') {
      const cases = await door.call('cases.list', {});
      return answer(
        context,
        cases,
        cases.map((each) => `${each.id}  ${each.reference}  ${each.name}`),
      );
    }
    if (verb !== 'create') throw unknownCommand(args.words);
    const draft = {
      name: args.need('name'),
      reference: args.text('reference') ?? '',
      purpose: args.text('purpose') ?? '',
      notes: args.text('notes') ?? '',
    };
    const made = await door.call('cases.create', draft);
    return answer(context, made, [made.id]);
  });

/** Takes one log in and verifies it; answers with both ids and the report. */
export const importAndVerify = async (
  door: Door,
  request: {
    path: string;
    caseId: CaseId;
    format?: string | undefined;
    heads: readonly string[];
    keys: readonly string[];
    anchors?: readonly string[];
    data?: readonly string[];
    recipe?: string | undefined;
  },
) => {
  const { jobId } = await door.call('audit.import', {
    caseId: request.caseId,
    file: door.handle(request.path),
  });
  const importId = v.parse(ImportId, (await door.finish(jobId)).result);
  const verify = await door.call('audit.verify', {
    importId,
    ...(request.format === undefined ? {} : { format: request.format }),
    ...(request.heads.length === 0 ? {} : { trustedHead: request.heads.join('\n') }),
    keys: request.keys.map((key) => door.handle(key)),
    anchors: (request.anchors ?? []).map((file) => door.handle(file)),
    data: (request.data ?? []).map((file) => door.handle(file)),
    ...(request.recipe === undefined ? {} : { recipe: request.recipe }),
  });
  const verificationId = v.parse(VerificationId, (await door.finish(verify.jobId)).result);
  const { report } = await door.call('audit.report', { id: verificationId });
  return { importId, verificationId, report };
};

export const importCommand = (context: Context): Promise<number> =>
  withWorkspace(context, async (door) => {
    const { args } = context;
    const recipe = args.text('recipe');
    const done = await importAndVerify(door, {
      path: wordAt(args, 1, 'PATH'),
      caseId: idOf(CaseId, args.need('case'), '--case'),
      format: args.text('format'),
      heads: await readHeads(args.all('head')),
      keys: args.all('key'),
      anchors: args.all('anchor'),
      data: args.all('data'),
      recipe: recipe === undefined ? undefined : await readText(recipe),
    });
    answer(context, done, [
      `import ${done.importId}`,
      `verification ${done.verificationId}`,
      ...reportLines(done.report),
    ]);
    return verdictClass(done.report.verdict) === 'fail' ? EXIT.failed : EXIT.ok;
  });

/** Makes a report and writes it; the ending of the name says which form. */
export const writeReportOf = async (door: Door, id: VerificationId, out: string) => {
  if (!/\.(?:pdf|html)$/u.test(out))
    throw new AppError('usage.invalid', { reason: '--out takes a name that ends in .pdf or .html' });
  const { jobId } = await door.call('reports.create', { verificationId: id });
  const report = v.parse(ReportId, (await door.finish(jobId)).result);
  return door.call('reports.save', {
    id: report,
    as: out.endsWith('.pdf') ? 'pdf' : 'html',
    to: door.handle(out),
  });
};

export const reportCommand = (context: Context): Promise<number> =>
  withWorkspace(context, async (door) => {
    const { args } = context;
    if (args.words[1] !== 'create') throw unknownCommand(args.words);
    const id = idOf(VerificationId, args.all('verification')[0] ?? '', '--verification');
    const written = await writeReportOf(door, id, args.need('out'));
    return answer(context, written, [`${written.name}: ${written.bytes} bytes, SHA-256 ${written.sha256}`]);
  });

export const identityCommand = (context: Context): Promise<number> =>
  withWorkspace(context, async (door) => {
    if (context.args.words[1] !== 'export') throw unknownCommand(context.args.words);
    const written = await door.call('evidence.exportRoot', { to: door.handle(context.args.need('out')) });
    return answer(context, written, [`${written.name}: SHA-256 of the certificate ${written.fingerprint}`]);
  });

export const journalCommand = (context: Context): Promise<number> =>
  withWorkspace(context, async (door) => {
    const { args } = context;
    const verb = wordAt(args, 1, 'a command after journal');
    if (verb === 'export') {
      const written = await door.call('journal.export', { to: door.handle(args.need('out')) });
      return answer(context, written, [`${written.name}: ${written.entries} entries, head ${written.head}`]);
    }
    if (verb !== 'verify') throw unknownCommand(args.words);
    const status = await door.call('journal.verify', {});
    answer(context, status, [
      `${status.intact === true ? 'intact' : 'NOT intact'}: ${status.entries} entries, head ${status.head ?? 'none'}`,
      ...status.problems.map((problem) => `  ${problem.message}`),
    ]);
    return status.intact === true ? EXIT.ok : EXIT.failed;
  });
