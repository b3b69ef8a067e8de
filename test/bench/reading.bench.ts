// Measures reading: building the index, opening it, filters and sorting over it, and search beside the straightforward way.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  createReadStream,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
  closeSync,
  statSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { buildIndex } from '../../electron/modules/audit/reading/build-index.ts';
import { OpenLog } from '../../electron/modules/audit/reading/open-log.ts';
import type { ViewSpec } from '../../electron/modules/audit/reading/reading-protocol.ts';
import { searchLog } from '../../electron/modules/audit/reading/search-log.ts';
import { linesOf, recordOf } from '../fixtures/reading/write-log.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    json: { type: 'boolean', default: false },
    // Used by the script itself: every step runs in a process of its own, so that its memory is its own.
    step: { type: 'string' },
    folder: { type: 'string', default: '' },
  },
});
const rows = Number(values.rows);
if (!Number.isSafeInteger(rows) || rows < 1_000)
  throw new RangeError('--rows wants a whole number from 1000');

const run = { signal: new AbortController().signal, progress: (): void => undefined };
const at = (folder: string) => ({
  log: join(folder, 'log.jsonl'),
  index: join(folder, 'index'),
  text: join(folder, 'text'),
  spec: join(folder, 'spec.json'),
});

const Spec = v.object({ keyHex: v.string(), bytes: v.number() });
const specOf = (folder: string) => {
  const places = at(folder);
  const { keyHex, bytes } = v.parse(Spec, JSON.parse(readFileSync(places.spec, 'utf8')));
  return {
    source: { at: 'path' as const, path: places.log },
    index: { path: places.index, keyHex, bytes },
    text: null,
  };
};

interface Figure {
  readonly name: string;
  readonly seconds: number;
  /** Of all threads: what it would take on a machine with nothing else to do. */
  readonly cpuSeconds: number;
  readonly note: string;
}
const timed = async (
  name: string,
  work: () => unknown,
  note: (seconds: number) => string,
): Promise<Figure> => {
  const [began, before] = [performance.now(), process.cpuUsage()];
  await work();
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(before);
  return { name, seconds, cpuSeconds: (user + system) / 1e6, note: note(seconds) };
};

const count = (n: number): string => Math.round(n).toLocaleString('en');
const megabytes = (folder: string): number => statSync(at(folder).log).size / 1e6;

const steps: Readonly<Record<string, (folder: string) => Promise<readonly Figure[]>>> = {
  index: async (folder) => {
    const places = at(folder);
    const keyHex = randomBytes(32).toString('hex');
    const figure = await timed(
      'build the index',
      async () => {
        const built = await buildIndex(
          {
            source: { at: 'path', path: places.log },
            format: null,
            expectedSha256: null,
            index: { path: places.index, keyHex },
            text: { path: places.text, keyHex },
          },
          run,
        );
        writeFileSync(places.spec, JSON.stringify({ keyHex, bytes: built.index.bytes }));
      },
      (s) =>
        `${count(rows / s)} rows/s, ${count(megabytes(folder) / s)} MB/s, ${(statSync(places.index).size / rows).toFixed(1)} B/row`,
    );
    return [figure];
  },
  read: async (folder) => {
    const opened: OpenLog[] = [];
    const opening = await timed(
      'open it',
      async () => opened.push(await OpenLog.open(specOf(folder))),
      (s) => `${count(rows / s)} rows/s`,
    );
    const [log] = opened;
    if (log === undefined) throw new Error('it is open');
    const ascending = { by: 'position', direction: 'ascending' } as const;
    const view = (key: string, rest: Partial<ViewSpec>): ViewSpec => ({
      key,
      filter: {},
      order: ascending,
      found: null,
      ...rest,
    });
    const all = view('all', {});
    const actor = view('actor', { filter: { actor: ['Zoë Müller'] } });
    const narrow = view('narrow', {
      filter: {
        actor: ['bob@example.org'],
        result: ['denied'],
        from: new Date(recordOf(Math.floor(rows / 4)).time).toISOString(),
        to: new Date(recordOf(Math.floor(rows / 2)).time).toISOString(),
      },
    });
    const filtered = (key: string, each: ViewSpec) =>
      timed(
        key,
        () => log.view(each, 160),
        (s) => `${count(rows / s)} rows/s, ${count(log.view(each, 1).total)} pass`,
      );
    const page = (key: string, each: ViewSpec, offset: number) =>
      timed(
        key,
        () => log.rows(each, offset, 100),
        () => '100 rows',
      );
    return [
      opening,
      await filtered('timeline of everything', all),
      await filtered('filter by actor, with timeline', actor),
      await filtered('filter by actor, result and time', narrow),
      await page('a page in the middle', all, Math.floor(rows / 2)),
      await page('a page of a filtered view', actor, Math.floor(rows / 20)),
      await page('the same page again', actor, Math.floor(rows / 20)),
    ];
  },
  search: async (folder) => [
    await timed(
      'search, every block checked',
      () => searchLog({ ...specOf(folder), find: 'NEEDLE' }, run),
      (s) => `${count(megabytes(folder) / s)} MB/s`,
    ),
  ],
  baseline: async (folder) => [
    await timed(
      'search: readline and toLowerCase().includes',
      async () => {
        let found = 0;
        for await (const line of createInterface({ input: createReadStream(at(folder).log) }))
          if (line.toLowerCase().includes('needle')) found += 1;
        if (found !== Math.floor((rows - 8) / 1_000) + 1) throw new Error(`the baseline found ${found}`);
      },
      (s) => `${count(megabytes(folder) / s)} MB/s`,
    ),
  ],
};

if (values.step !== undefined) {
  const figures = (await steps[values.step]?.(values.folder)) ?? [];
  const peak = process.resourceUsage().maxRSS / 1_024;
  process.stdout.write(JSON.stringify({ figures, peak }));
} else {
  const folder = await mkdtemp(join(tmpdir(), 'probity-reading-'));
  try {
    const file = openSync(at(folder).log, 'w');
    for (let from = 0; from < rows; from += 20_000)
      writeSync(file, linesOf(from, Math.min(rows, from + 20_000)));
    closeSync(file);
    const lines = [
      `${count(rows)} rows, ${count(megabytes(folder))} MB, ${cpus()[0]?.model ?? 'unknown processor'}`,
    ];
    const all: unknown[] = [];
    for (const step of Object.keys(steps)) {
      const args = [
        fileURLToPath(import.meta.url),
        '--rows',
        String(rows),
        '--step',
        step,
        '--folder',
        folder,
      ];
      const answer = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as {
        readonly figures: readonly Figure[];
        readonly peak: number;
      };
      all.push({ step, ...answer });
      for (const { name, seconds, cpuSeconds, note } of answer.figures)
        lines.push(
          `  ${name.padEnd(46)} ${(seconds * 1_000).toFixed(0).padStart(8)} ms  CPU ${(cpuSeconds * 1_000).toFixed(0).padStart(6)} ms  ${note}`,
        );
      lines.push(`  ${`(${step}: peak memory)`.padEnd(46)} ${answer.peak.toFixed(0).padStart(8)} MiB`);
    }
    process.stdout.write(values.json ? `${JSON.stringify(all)}\n` : `${lines.join('\n')}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
