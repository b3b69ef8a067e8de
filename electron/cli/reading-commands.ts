// probity log read …: the records of a log on disk or in a workspace, filtered, as lines or as one JSON document.
import { resolve } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../shared/errors/app-error.ts';
import { ImportId, RowSetId } from '../../shared/model/ids.ts';
import type { LogRow, RowFilter } from '../../shared/model/reading.ts';
import { type ReadOptions, streamRows } from '../modules/audit/public.ts';
import { openArchive } from '../ports/archive-source.ts';
import { openDiskSource } from '../ports/disk-source.ts';
import { wordAt } from './arguments.ts';
import { type Context, type Door, withWorkspace } from './context.ts';
import { EXIT } from './usage.ts';

const DEFAULT_LIMIT = 100;
const MOST = 1_000_000;
const PAGE = 500;

const usage = (reason: string): AppError => new AppError('usage.invalid', { reason });

/** A date, a date and a time, or RFC 3339; without an offset it is UTC. */
const instant = (text: string | undefined, name: string): number | null => {
  if (text === undefined) return null;
  const hasZone = /(?:z|[+-]\d\d:?\d\d)$/iu.test(text);
  const day = /^\d{4}-\d\d-\d\d$/u.test(text);
  const time = Date.parse(day || hasZone ? text : `${text.replace(' ', 'T')}Z`);
  if (Number.isNaN(time) || !/^\d{4}-\d\d-\d\d/u.test(text))
    throw usage(`--${name} takes a time such as 2026-01-31 or 2026-01-31T09:00:00Z`);
  return time;
};

/** 0 = all. */
const limitOf = ({ args }: Context): number => {
  const text = args.text('limit');
  if (text === undefined) return DEFAULT_LIMIT;
  if (!/^\d{1,7}$/u.test(text) || Number(text) > MOST) throw usage(`--limit takes a number up to ${MOST}`);
  return Number(text);
};

const optionsOf = ({ args }: Context): ReadOptions => {
  const search = args.text('search') ?? null;
  if (search !== null && (search === '' || search.length > 1_000 || /[\r\n]/u.test(search)))
    throw usage('--search takes one line of 1 to 1000 characters');
  return {
    format: args.text('format') ?? null,
    from: instant(args.text('from'), 'from'),
    to: instant(args.text('to'), 'to'),
    actor: args.all('actor'),
    action: args.all('action'),
    result: args.all('result'),
    search,
  };
};

const lineOf = (row: LogRow): string =>
  [
    String(row.row),
    row.time ?? '-',
    row.actor ?? '-',
    row.action ?? '-',
    row.target ?? '-',
    row.result ?? '-',
    ...(row.file === null ? [] : [row.file]),
    ...(row.isReadable ? [] : ['(unreadable)']),
  ]
    .map((part) => part.replaceAll(/\s+/gu, ' '))
    .join('  ');

/** Prints as it reads; JSON is one document that is written piece by piece. */
const printer = ({ args, terminal }: Context) => {
  const isJson = args.flag('json');
  const rows: unknown[] = [];
  return {
    row: (row: LogRow, text: string | null): void => {
      if (isJson) rows.push(text === null ? row : { ...row, text });
      else terminal.line(lineOf(row));
    },
    end: (listed: number, isCut: boolean): void => {
      terminal.settle();
      if (isJson) terminal.json({ listed, isCut, rows });
      else if (isCut) terminal.line(`(more follow: --limit lists ${listed} here; --limit 0 lists all)`);
      else if (listed === 0) terminal.line('no record passes these filters');
    },
  };
};

const readPath = async (context: Context): Promise<number> => {
  const { args, terminal } = context;
  const [options, limit] = [optionsOf(context), limitOf(context)];
  const source = await openArchive(await openDiskSource(resolve(wordAt(args, 2, 'PATH'))));
  if (source.files.every((file) => file.bytes === 0)) throw new AppError('file.empty', { name: source.name });
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  const out = printer(context);
  let listed = 0;
  let isCut = false;
  for await (const { row, text } of streamRows(source, options, {
    signal: abort.signal,
    progress: terminal.progress,
  })) {
    if (listed === (limit === 0 ? MOST : limit)) {
      isCut = true;
      break;
    }
    out.row(row, text);
    listed += 1;
  }
  out.end(listed, isCut);
  return EXIT.ok;
};

const iso = (time: number): string => new Date(time).toISOString();

const filterFor = async (door: Door, importId: ImportId, options: ReadOptions): Promise<RowFilter> => {
  const filter: RowFilter = {
    ...(options.from === null ? {} : { from: iso(options.from) }),
    ...(options.to === null ? {} : { to: iso(options.to) }),
    ...(options.actor.length === 0 ? {} : { actor: [...options.actor] }),
    ...(options.action.length === 0 ? {} : { action: [...options.action] }),
    ...(options.result.length === 0 ? {} : { result: [...options.result] }),
  };
  if (options.search === null) return filter;
  const { jobId } = await door.call('reading.search', { importId, text: options.search });
  return { ...filter, found: v.parse(RowSetId, (await door.finish(jobId)).result) };
};

const readImport = (context: Context, id: string): Promise<number> => {
  const [options, limit] = [optionsOf(context), limitOf(context)];
  const importId = v.safeParse(ImportId, id);
  if (!importId.success) throw usage('--import takes the id of an imported log (imp_…)');
  return withWorkspace(context, async (door) => {
    const open = await door.call('reading.open', { importId: importId.output });
    if (open.state === 'absent') {
      const { jobId } = await door.call('reading.index', { importId: importId.output });
      await door.finish(jobId);
    }
    const filter = await filterFor(door, importId.output, options);
    const order = { by: 'position', direction: 'ascending' } as const;
    const view = await door.call('reading.view', { importId: importId.output, filter, order });
    const most = Math.min(view.total, limit === 0 ? MOST : limit);
    const out = printer(context);
    for (let offset = 0; offset < most; offset += PAGE) {
      const page = await door.call('reading.rows', {
        view: view.id,
        offset,
        limit: Math.min(PAGE, most - offset),
      });
      for (const row of page.rows) out.row(row, null);
    }
    out.end(most, most < view.total);
    return EXIT.ok;
  });
};

/** `probity log read PATH` or `probity log read --workspace DIR --import ID`. @throws AppError usage.invalid */
export const logCommand = (context: Context): Promise<number> => {
  const verb = wordAt(context.args, 1, 'a command after log');
  if (verb !== 'read') throw usage(`there is no command log ${verb}`);
  const id = context.args.text('import');
  return id === undefined ? readPath(context) : readImport(context, id);
};
