// probity pack …: build a signed pack from a case, or check any EP-1 pack without a workspace.
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import * as v from 'valibot';
import { AppError } from '../../shared/errors/app-error.ts';
import { parseIndexRanges } from '../../shared/model/index-ranges.ts';
import type { PackVerification } from '../../shared/model/evidence.ts';
import type { IndexRange } from '../../shared/model/evidence.ts';
import { CaseId, type ImportId, VerificationId } from '../../shared/model/ids.ts';
import { runInHost } from '../jobs/run-in-host.ts';
import { readSmallFile } from '../modules/audit/public.ts';
import { readChecker, redactPack, requestForPack, stampPack } from '../modules/evidence/public.ts';
import { writeNewFile } from '../ports/write-new-file.ts';
import { wordAt } from './arguments.ts';
import { type Context, type Door, withWorkspace } from './context.ts';
import { EXIT } from './usage.ts';
import { idOf } from './workspace-commands.ts';

const SIGNS = { pass: 'ok  ', fail: 'FAIL', 'not-checked': '--  ' } as const;

export const packLines = ({ verdict, steps, pack, signer }: PackVerification): string[] => [
  `${verdict}: ${pack.name}, ${pack.bytes} bytes, SHA-256 ${pack.sha256}`,
  ...steps.flatMap(({ id, status, detail, items }) => [
    `  ${SIGNS[status]} ${id}: ${detail}`,
    ...items.slice(0, 20).map((item) => `         ${item}`),
  ]),
  ...(signer === null ? [] : [`signer ${signer.subject}, certificate SHA-256 ${signer.fingerprint}`]),
];

const verify = async ({ args, terminal, parts }: Context): Promise<number> => {
  const pack = resolve(wordAt(args, 2, 'FILE'));
  const root = args.text('root');
  const rootPem = root === undefined ? null : (await readSmallFile(resolve(root))).bytes;
  const timestampTrust = await Promise.all(args.all('tsa-root').map((file) => readSmallFile(resolve(file))));
  const host = runInHost(parts.spawn, parts.entry('job-host'));
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  const checked = await host.run(
    'evidence.verify',
    { pack, rootPem, timestampTrust },
    { signal: abort.signal, progress: terminal.progress },
  );
  terminal.settle();
  if (args.flag('json')) terminal.json(checked);
  else for (const line of packLines(checked)) terminal.line(line);
  return checked.verdict === 'INVALID' ? EXIT.failed : EXIT.ok;
};

/** @throws AppError usage.invalid */
const readRanges = (text: string, option: string): IndexRange[] => {
  const ranges = parseIndexRanges(text);
  if (ranges === null)
    throw new AppError('usage.invalid', { reason: `${option} takes records like 57,80-90` });
  return ranges;
};

const redact = async ({ args, terminal }: Context): Promise<number> => {
  const pack = resolve(wordAt(args, 2, 'FILE'));
  const keep = new Set<number>();
  const kept = args.text('keep') ?? '';
  for (const { from, to } of kept === '' ? [] : readRanges(kept, '--keep')) {
    if (to - from > 1_000_000)
      throw new AppError('usage.invalid', { reason: '--keep names too many records' });
    for (let index = from; index <= to; index += 1) keep.add(index);
  }
  const run = { signal: new AbortController().signal, progress: terminal.progress };
  const made = await redactPack(pack, keep, resolve(args.need('out')), run);
  terminal.settle();
  if (args.flag('json')) terminal.json(made);
  else {
    terminal.line(`${made.bytes} bytes, SHA-256 ${made.sha256}; ${made.withheld.length} withheld`);
    for (const path of made.withheld) terminal.line(`  ${path}`);
  }
  return EXIT.ok;
};

const checker = async ({ args, terminal, parts }: Context): Promise<number> => {
  const bytes = await readChecker(parts.host.resourcesDir);
  const written = await writeNewFile(resolve(args.need('out')), Readable.from([bytes], { objectMode: true }));
  if (args.flag('json')) terminal.json(written);
  else terminal.line(`${written.sha256}  ${written.name}`);
  return EXIT.ok;
};

/** The newest verification of each log of the case. */
const latest = async (door: Door, caseId: CaseId): Promise<VerificationId[]> => {
  const newest = new Map<ImportId, VerificationId>();
  for (const each of await door.call('audit.verifications', { caseId }))
    if (!newest.has(each.importId)) newest.set(each.importId, each.id);
  return [...newest.values()];
};

export const buildPackOf = async (
  door: Door,
  request: {
    caseId: CaseId;
    verificationIds?: readonly VerificationId[];
    includeLog: boolean;
    quote?: readonly IndexRange[];
    out: string;
  },
) => {
  const { caseId, includeLog, quote, out } = request;
  const verificationIds = [...(request.verificationIds ?? (await latest(door, caseId)))];
  if (verificationIds.length === 0) throw new AppError('evidence.no_verification');
  const { jobId } = await door.call('evidence.build', {
    caseId,
    verificationIds,
    includeLog,
    ...(quote === undefined ? {} : { quote: [...quote] }),
    to: door.handle(out),
  });
  const { result } = await door.finish(jobId);
  const made = (await door.call('evidence.packs', { caseId })).find((each) => each.id === result);
  if (made === undefined) throw new AppError('record.not_found', { kind: 'pack' });
  return made;
};

const build = (context: Context): Promise<number> =>
  withWorkspace(context, async (door) => {
    const { args, terminal } = context;
    const quote = args.text('quote');
    const chosen = args.all('verification').map((id) => idOf(VerificationId, id, '--verification'));
    const made = await buildPackOf(door, {
      caseId: idOf(CaseId, args.need('case'), '--case'),
      ...(chosen.length === 0 ? {} : { verificationIds: v.parse(v.array(VerificationId), chosen) }),
      includeLog: !args.flag('no-log'),
      ...(quote === undefined ? {} : { quote: readRanges(quote, '--quote') }),
      out: args.need('out'),
    });
    if (args.flag('json')) terminal.json(made);
    else
      terminal.line(
        `${made.fileName}: ${made.bytes} bytes, SHA-256 ${made.sha256}, ${made.completeness}; root certificate SHA-256 ${made.rootFingerprint}`,
      );
    return EXIT.ok;
  });

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A timestamp without a network: the request is carried to an authority, its answer carried back. */
const stamp = async ({ args, terminal }: Context): Promise<number> => {
  const pack = resolve(wordAt(args, 2, 'FILE'));
  const request = args.text('request');
  const token = args.text('token');
  if ((request === undefined) === (token === undefined))
    throw new AppError('usage.invalid', { reason: 'pack stamp takes either --request or --token' });
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  const run = { signal: abort.signal, progress: terminal.progress };
  if (request !== undefined) {
    const written = await writeNewFile(resolve(request), once(await requestForPack(pack, run)));
    if (args.flag('json')) terminal.json(written);
    else terminal.line(`${written.name}: ${written.bytes} bytes; send it to a time-stamping authority`);
    return EXIT.ok;
  }
  const answer = (await readSmallFile(resolve(token ?? ''))).bytes;
  const stamped = await stampPack(pack, answer, resolve(args.need('out')), run);
  terminal.settle();
  if (args.flag('json')) terminal.json(stamped);
  else
    terminal.line(
      `${args.need('out')}: ${stamped.bytes} bytes, SHA-256 ${stamped.sha256}, stamped at ${stamped.time ?? ''}`,
    );
  return EXIT.ok;
};

export const packCommand = (context: Context): Promise<number> => {
  const verb = wordAt(context.args, 1, 'a command after pack');
  if (verb === 'verify') return verify(context);
  if (verb === 'build') return build(context);
  if (verb === 'stamp') return stamp(context);
  if (verb === 'redact') return redact(context);
  if (verb === 'checker') return checker(context);
  throw new AppError('usage.invalid', { reason: `there is no command pack ${verb}` });
};
