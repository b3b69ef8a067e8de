// probity sample run: the whole job on the sample, in a workspace of its own, with everything it makes left on disk.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { runInHost } from '../jobs/run-in-host.ts';
import { SAMPLE_CASE, writeSampleLogs } from '../modules/sample/public.ts';
import { type Context, withWorkbench } from './context.ts';
import { buildPackOf, packLines } from './pack-commands.ts';
import { EXIT } from './usage.ts';
import { importAndVerify, writeReportOf } from './workspace-commands.ts';

export const sampleCommand = async (context: Context): Promise<number> => {
  const { args, terminal, parts } = context;
  if (args.words[1] !== 'run')
    throw new AppError('usage.invalid', { reason: 'the command is: sample run --out DIR' });
  const out = resolve(args.need('out'));
  await mkdir(out, { recursive: true });
  const logs = await writeSampleLogs(join(out, 'logs')).catch(() => {
    throw new AppError('file.cannot_write', { name: 'logs', reason: 'the folder can not be written' });
  });
  const passphrase = `sample-${randomBytes(12).toString('hex')}`;
  await writeFile(join(out, 'passphrase.txt'), `${passphrase}\n`, { mode: 0o600, flag: 'wx' }).catch(() => {
    throw new AppError('file.exists', { name: 'passphrase.txt' });
  });
  const files = {
    workspace: join(out, 'sample.probity'),
    report: join(out, 'report.pdf'),
    pack: join(out, 'evidence.zip'),
    root: join(out, 'root.pem'),
    journal: join(out, 'journal.jsonl'),
  };

  const result = await withWorkbench(context, async (door) => {
    await door.call('workspace.create', {
      place: door.handle(files.workspace),
      passphrase,
      organisation: 'Meridian Health',
    });
    const subject = await door.call('cases.create', SAMPLE_CASE);
    const tampered = await importAndVerify(door, {
      path: logs.tampered,
      caseId: subject.id,
      heads: [logs.head],
      keys: [],
    });
    const trail = await importAndVerify(door, {
      path: logs.cloudtrail,
      caseId: subject.id,
      heads: [],
      keys: [],
    });
    await writeReportOf(door, tampered.verificationId, files.report);
    const pack = await buildPackOf(door, { caseId: subject.id, includeLog: true, out: files.pack });
    const root = await door.call('evidence.exportRoot', { to: door.handle(files.root) });
    await door.call('journal.export', { to: door.handle(files.journal) });
    return { tampered: tampered.report, trail: trail.report, pack, root };
  });

  const host = runInHost(parts.spawn, parts.entry('job-host'));
  const run = { signal: new AbortController().signal, progress: terminal.progress };
  const rootPem = await readFile(files.root);
  const checked = await host.run('evidence.verify', { pack: files.pack, rootPem }, run);
  if (args.flag('json')) terminal.json({ ...result, checked, files });
  else {
    for (const [name, report] of [
      ['letter-assistant-export.jsonl', result.tampered],
      ['cloudtrail-2026-11-07', result.trail],
    ] as const) {
      terminal.line(`${name}: ${report.verdict}`);
      for (const { kind, message } of report.findings.slice(0, 6)) terminal.line(`  ${kind}: ${message}`);
    }
    for (const line of packLines(checked)) terminal.line(line);
    terminal.line('');
    for (const [name, path] of Object.entries(files)) terminal.line(`${name.padEnd(10)}${path}`);
    terminal.line(`${'logs'.padEnd(10)}${join(out, 'logs')}`);
  }
  const asExpected =
    result.tampered.verdict === 'TAMPERED' &&
    result.trail.verdict === 'TAMPERED' &&
    checked.verdict === 'VALID';
  return asExpected ? EXIT.ok : EXIT.failed;
};
