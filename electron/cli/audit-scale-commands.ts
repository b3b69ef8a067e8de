// probity audit verify --shard and --checkpoint, and audit join: logs too large for one run, or for one machine.
import { readdir } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import type { VerificationReport } from '../../shared/model/verdict.ts';
import { runInHost } from '../jobs/run-in-host.ts';
import {
  cuttableFile,
  ephemeralSigner,
  joinReceipts,
  linesOfFile,
  rangesOf,
  readReceipt,
  readSigner,
  readSmallFile,
  readTrustedKey,
  type Receipt,
  writeReceipt,
} from '../modules/audit/public.ts';
import { openSourceSpec } from '../ports/open-source-spec.ts';
import { writeNewFile } from '../ports/write-new-file.ts';
import { wordAt } from './arguments.ts';
import type { Context } from './context.ts';
import { EXIT } from './usage.ts';

const invalid = (reason: string): AppError => new AppError('usage.invalid', { reason });

/** `3/8`: the third of eight. @throws AppError usage.invalid */
const readShard = (text: string): { readonly index: number; readonly count: number } => {
  const [, first, second] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/u.exec(text) ?? [];
  const index = Number(first);
  const count = Number(second);
  if (first === undefined || index > count) throw invalid('--shard takes i/n with i from 1 to n');
  return { index, count };
};

const abortOnSignal = (): AbortSignal => {
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  return abort.signal;
};

/** Says before long work that --format can only be the one that is cut. */
const onlyGuardian = ({ args }: Context): void => {
  const format = args.text('format');
  if (format !== undefined && format !== 'guardian-chain')
    throw invalid('only the format guardian-chain can be verified in parts');
};

/** `audit verify PATH --shard i/n [--out RECEIPT] [--sign-key FILE]`: verifies one part and writes its receipt. */
export const verifyShard = async (context: Context, shard: string): Promise<number> => {
  const { args, terminal, parts } = context;
  onlyGuardian(context);
  const { index, count } = readShard(shard);
  const path = resolve(wordAt(args, 2, 'PATH'));
  const out = resolve(args.text('out') ?? `${basename(path)}.${index}-of-${count}.receipt`);
  const keyPath = args.text('sign-key');
  const key = keyPath === undefined ? null : await readSmallFile(resolve(keyPath));
  const signer = key === null ? ephemeralSigner() : readSigner(key.name, key.bytes);
  const source = { at: 'path', path } as const;
  const file = await cuttableFile(await openSourceSpec(source));
  const range = rangesOf(file.bytes, count)[index - 1];
  if (range === undefined) throw invalid('--shard takes i/n with i from 1 to n');
  const host = runInHost(parts.spawn, parts.entry('job-host'));
  const segment = await host.run(
    'audit.segment',
    { source, range },
    { signal: abortOnSignal(), progress: terminal.progress },
  );
  terminal.settle();
  await writeNewFile(
    out,
    (async function* content() {
      yield Buffer.from(`${writeReceipt(segment, file.name, signer)}\n`);
    })(),
  );
  const { start, end, records, sha256 } = segment;
  if (args.flag('json'))
    terminal.json({ receipt: out, shard: index, of: count, start, end, records, sha256, key: signer.key });
  else {
    terminal.line(`shard ${index} of ${count}: bytes ${start} to ${end}, ${records} records`);
    terminal.line(`receipt ${out}, signed with ${signer.key}`);
    terminal.line('audit join puts all receipts together; only then there is a verdict.');
  }
  return EXIT.ok;
};

/** `audit verify PATH --checkpoint FILE`: goes on from the checkpoint, and keeps it up to date. */
export const verifyWithCheckpoint = async (
  context: Context,
  checkpoint: string,
  trustedHeads: readonly string[],
): Promise<VerificationReport> => {
  const { args, terminal, parts } = context;
  onlyGuardian(context);
  const path = resolve(wordAt(args, 2, 'PATH'));
  const signKey = args.text('sign-key');
  const host = runInHost(parts.spawn, parts.entry('job-host'));
  const { verified, reusedBytes } = await host.run(
    'audit.resume',
    {
      source: { at: 'path', path },
      trustedHeads,
      checkpoint: resolve(checkpoint),
      ...(signKey === undefined ? {} : { signKey: await readSmallFile(resolve(signKey)) }),
      trustKeys: await Promise.all(args.all('trust-key').map((file) => readSmallFile(resolve(file)))),
      rehash: args.flag('rehash'),
    },
    { signal: abortOnSignal(), progress: terminal.progress },
  );
  terminal.settle();
  if (reusedBytes > 0 && !args.flag('json'))
    terminal.line(
      `${reusedBytes} bytes were taken from the checkpoint ${args.flag('rehash') ? 'after their digests were made again' : 'on trust; --rehash reads them again'}.`,
    );
  return verified.report;
};

/** Receipts of files, and of folders whose names end in .receipt; a file may hold several, one a line. */
const readReceipts = async (paths: readonly string[], trusted: readonly string[]): Promise<Receipt[]> => {
  const receipts: Receipt[] = [];
  for (const path of paths) {
    const inside = await readdir(path).catch(() => null);
    const files =
      inside === null
        ? [path]
        : inside
            .filter((name) => name.endsWith('.receipt'))
            .toSorted()
            .map((name) => resolve(path, name));
    for (const file of files) {
      let lines = 0;
      for await (const line of linesOfFile(file)) {
        receipts.push(readReceipt(basename(file), line, trusted));
        lines += 1;
      }
      if (lines === 0)
        throw new AppError('audit.receipt_invalid', {
          name: basename(file),
          reason: 'it is absent, empty or cut off',
        });
    }
  }
  return receipts;
};

/** `audit join RECEIPT…`: the report of all receipts together. */
export const joinShards = async (
  context: Context,
  trustedHeads: readonly string[],
): Promise<VerificationReport> => {
  const { args } = context;
  const paths = args.words.slice(2).map((path) => resolve(path));
  if (paths.length === 0) throw invalid('RECEIPT is missing');
  const trusted = await Promise.all(
    args.all('trust-key').map(async (file) => {
      const { name, bytes } = await readSmallFile(resolve(file));
      return readTrustedKey(name, bytes);
    }),
  );
  return joinReceipts(await readReceipts(paths, trusted), trustedHeads).report;
};
