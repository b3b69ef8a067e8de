// Measures the Guardian verifier on a generated log beside the straightforward way of doing it, in the same run.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { guardianChain } from '../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import type { EngineRun } from '../../electron/modules/audit/engine/format.ts';
import { runInHost } from '../../electron/jobs/run-in-host.ts';
import { openDiskSource } from '../../electron/ports/disk-source.ts';
import { openSourceSpec } from '../../electron/ports/open-source-spec.ts';
import { recycled } from '../../electron/ports/recycled-hosts.ts';
import type { Source } from '../../electron/ports/source.ts';
import { spawnThreadHost } from '../../electron/ports/thread-host.ts';
import { writeLog } from '../fixtures/guardian/generate.ts';

interface Measured {
  readonly name: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly eventsPerSecond: number;
  readonly megabytesPerSecond: number;
  /** Highest resident set of the process. */
  readonly peakRssMiB: number;
  readonly falseAlarms: number;
  readonly verdict: string;
}

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    json: { type: 'boolean', default: false },
    'no-baseline': { type: 'boolean', default: false },
    // Used by the script itself: every step runs in a process of its own, so that its memory is its own.
    step: { type: 'string' },
    file: { type: 'string', default: '' },
  },
});
const events = Number(values.events);
if (!Number.isSafeInteger(events) || events < 1)
  throw new RangeError('--events wants a whole number above 0');

type Outcome = Pick<Measured, 'falseAlarms' | 'verdict'>;

const quiet = { signal: new AbortController().signal, progress: (): void => undefined };

const verified = async (source: Source, run: EngineRun): Promise<Outcome> => {
  const { report } = await guardianChain.verify(source, { trustedHeads: [], keys: [] }, run);
  return { falseAlarms: report.findings.length + report.findingsOmitted, verdict: report.verdict };
};

/** In one thread. */
const engine = async (path: string): Promise<Outcome> => verified(await openDiskSource(path), quiet);

/** In parts, one thread a core, as the app does with logs over 64 MiB. */
const parallel = async (path: string): Promise<Outcome> => {
  const entry = new URL('../../electron/segment-host.ts', import.meta.url);
  const hosts = recycled(spawnThreadHost);
  try {
    const helpers = runInHost(hosts.spawn, entry);
    return await verified(await openSourceSpec({ at: 'path', path }), { ...quiet, helpers });
  } finally {
    hosts.close();
  }
};

const ascii = (text: string): string =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const sorted = (value: unknown): string => {
  if (typeof value === 'string') return ascii(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(sorted).join(', ')}]`;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${ascii(key)}: ${sorted(member)}`).join(', ')}}`;
};

/** readline, JSON.parse, a sorted stringify, createHash: what one would write first. */
const baseline = async (path: string): Promise<Outcome> => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  let previous: string | null = null;
  let falseAlarms = 0;
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const { event_hash, chain_hash, previous_hash, ...event } = JSON.parse(line) as Record<
      string,
      string | null
    >;
    const own = sha256(sorted(event));
    const chain = sha256(`${previous_hash ?? ''}${event_hash}`);
    const isChainRight = previous_hash === null ? chain_hash === event_hash : chain === chain_hash;
    if (own !== event_hash || !isChainRight || previous_hash !== previous) falseAlarms += 1;
    previous = chain_hash ?? null;
  }
  return { falseAlarms, verdict: falseAlarms === 0 ? 'intact' : 'broken' };
};

const STEPS: Readonly<Record<string, (path: string) => Promise<Outcome>>> = { engine, parallel, baseline };

/** Runs one step in this process and prints what it took. */
const runStep = async (name: string, path: string): Promise<void> => {
  (globalThis as { gc?: () => void }).gc?.();
  const cpu = process.cpuUsage();
  const began = performance.now();
  const outcome = await STEPS[name]?.(path);
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(cpu);
  const cpuSeconds = (used.user + used.system) / 1e6;
  const peakRssMiB = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ name, seconds, cpuSeconds, peakRssMiB, ...outcome }));
};

/** Runs one step in a process of its own. */
const measure = (name: string, path: string, bytes: number): Measured => {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), '--step', name, '--file', path];
  const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
  const taken = JSON.parse(printed) as Omit<Measured, 'eventsPerSecond' | 'megabytesPerSecond'>;
  return {
    ...taken,
    eventsPerSecond: events / taken.seconds,
    megabytesPerSecond: bytes / 1e6 / taken.seconds,
  };
};

const printTable = (
  results: readonly Measured[],
  bytes: number,
  ratio: number | null,
  speedUp: number | null,
): void => {
  console.log(`${events} events, ${(bytes / 1e6).toFixed(0)} MB, ${(bytes / events).toFixed(0)} bytes each`);
  console.table(
    results.map((r) => ({
      name: r.name,
      'wall s': Number(r.seconds.toFixed(2)),
      'CPU s': Number(r.cpuSeconds.toFixed(2)),
      'events/s': Math.round(r.eventsPerSecond),
      'events/CPU-s': Math.round(events / r.cpuSeconds),
      'MB/s': Math.round(r.megabytesPerSecond),
      'MB/CPU-s': Math.round(bytes / 1e6 / r.cpuSeconds),
      'peak RSS MiB': Math.round(r.peakRssMiB),
      'false alarms': r.falseAlarms,
      verdict: r.verdict,
    })),
  );
  if (ratio !== null)
    console.log(`The engine is ${ratio.toFixed(2)} times as fast as the baseline (wall time).`);
  if (speedUp !== null)
    console.log(
      `In parallel on ${cpus().length} cores it is ${speedUp.toFixed(2)} times as fast as in one thread.`,
    );
};

const compare = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'));
  try {
    const path = join(folder, 'guardian.jsonl');
    const bytes = await writeLog(path, { seed: 20_260_101, count: events });
    const results = [measure('engine', path, bytes)];
    if (cpus().length > 1 && bytes > 64 * 1024 * 1024) results.push(measure('parallel', path, bytes));
    if (!values['no-baseline']) results.push(measure('baseline', path, bytes));
    const secondsOf = (name: string): number | undefined => results.find((r) => r.name === name)?.seconds;
    const times = (slow: string, fast: string): number | null => {
      const [a, b] = [secondsOf(slow), secondsOf(fast)];
      return a === undefined || b === undefined ? null : a / b;
    };
    const ratio = times('baseline', 'engine');
    const speedUp = times('engine', 'parallel');
    if (values.json) {
      const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, node: process.versions.node };
      console.log(
        JSON.stringify({ events, bytes, bytesPerEvent: bytes / events, machine, results, ratio, speedUp }),
      );
    } else {
      printTable(results, bytes, ratio, speedUp);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

if (values.step === undefined) await compare();
else await runStep(values.step, values.file);
