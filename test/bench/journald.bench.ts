// Measures the verifiers of sealed host logs beside journalctl --verify and slogverify, where installed, on the same files.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { AuditFormat, KeyFile } from '../../electron/modules/audit/engine/format.ts';
import { journaldFss } from '../../electron/modules/audit/engine/journald/journald-fss.ts';
import { syslogNgSlog } from '../../electron/modules/audit/engine/slog/syslog-ng-slog.ts';
import { openDiskSource } from '../../electron/ports/disk-source.ts';
import { KEY_TEXT, writeJournal } from '../fixtures/journald/write-journal.ts';
import { someTexts, writeSlog } from '../fixtures/slog/write-slog.ts';

interface Measured {
  readonly name: string;
  readonly entries: number;
  readonly seconds: number;
  readonly entriesPerSecond: number;
  readonly megabytesPerSecond: number;
  /** Highest resident set; null where it is not known. */
  readonly peakRssMiB: number | null;
  readonly verdict: string;
}

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    lines: { type: 'string', default: '20000' },
    json: { type: 'boolean', default: false },
    // Used by the script itself: every step runs in a process of its own, so that its memory is its own.
    step: { type: 'string' },
    folder: { type: 'string', default: '' },
  },
});
const count = (text: string, name: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new RangeError(`${name} wants a whole number above 0`);
  return number;
};
const events = count(values.events, '--events');
const lines = count(values.lines, '--lines');

const STEPS: Readonly<
  Record<string, { readonly format: AuditFormat; readonly file: string; readonly keys: readonly string[] }>
> = {
  journal: { format: journaldFss, file: 'system.journal', keys: ['fss.key'] },
  slog: { format: syslogNgSlog, file: 'messages.slog', keys: ['h0.key', 'mac.dat'] },
};

/** Runs one engine in this process and prints what it took. */
const runStep = async (name: string, folder: string): Promise<void> => {
  const step = STEPS[name];
  if (step === undefined) throw new RangeError(`no step ${name}`);
  const keys = step.keys.map((key): KeyFile => ({ name: key, bytes: readFileSync(join(folder, key)) }));
  const source = await openDiskSource(join(folder, step.file));
  const run = { signal: new AbortController().signal, progress: (): void => undefined };
  const began = performance.now();
  const { report } = await step.format.verify(source, { trustedHeads: [], keys }, run);
  const seconds = (performance.now() - began) / 1000;
  const peakRssMiB = process.resourceUsage().maxRSS / 1024;
  const verdict = `${report.verdict}, ${report.findings.length + report.findingsOmitted} findings`;
  console.log(JSON.stringify({ seconds, peakRssMiB, verdict }));
};

const measured = (
  name: string,
  entries: number,
  bytes: number,
  taken: Pick<Measured, 'seconds' | 'peakRssMiB' | 'verdict'>,
): Measured => ({
  name,
  entries,
  ...taken,
  entriesPerSecond: entries / taken.seconds,
  megabytesPerSecond: bytes / 1e6 / taken.seconds,
});

const engine = (name: string, folder: string): Pick<Measured, 'seconds' | 'peakRssMiB' | 'verdict'> => {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), '--step', name, '--folder', folder];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Pick<
    Measured,
    'seconds' | 'peakRssMiB' | 'verdict'
  >;
};

/** null when the tool is not installed. */
const tool = (
  command: string,
  args: readonly string[],
): Pick<Measured, 'seconds' | 'peakRssMiB' | 'verdict'> | null => {
  if (spawnSync(command, ['--help']).error !== undefined) {
    console.error(`${command} is not installed: nothing to compare with`);
    return null;
  }
  const began = performance.now();
  const { status } = spawnSync(command, [...args], { stdio: 'ignore' });
  return {
    seconds: (performance.now() - began) / 1000,
    peakRssMiB: null,
    verdict: `exit ${status ?? 'by a signal'}`,
  };
};

const printTable = (results: readonly Measured[]): void => {
  console.table(
    results.map((r) => ({
      name: r.name,
      entries: r.entries,
      'wall s': Number(r.seconds.toFixed(2)),
      'entries/s': Math.round(r.entriesPerSecond),
      'MB/s': Number(r.megabytesPerSecond.toFixed(1)),
      'peak RSS MiB': r.peakRssMiB === null ? '' : Math.round(r.peakRssMiB),
      verdict: r.verdict,
    })),
  );
};

const compare = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'));
  const at = (name: string): string => join(folder, name);
  try {
    const journal = writeJournal({
      entries: events,
      isSealed: true,
      isKeyed: true,
      isCompact: true,
      step: 100_000,
    });
    await writeFile(at('system.journal'), journal);
    // journalctl takes a file that anyone may read for one of another user, and skips it.
    chmodSync(at('system.journal'), 0o600);
    await writeFile(at('fss.key'), KEY_TEXT);
    const log = writeSlog(someTexts(lines));
    const text = `${log.lines.join('\n')}\n`;
    await writeFile(at('messages.slog'), text);
    await writeFile(at('h0.key'), log.keyFiles[0] ?? '');
    await writeFile(at('mac.dat'), log.macFiles.at(-1) ?? '');
    const results = [measured('journald-fss', events, journal.length, engine('journal', folder))];
    const stock = tool('journalctl', [
      '--verify',
      '--file',
      at('system.journal'),
      `--verify-key=${KEY_TEXT}`,
    ]);
    if (stock !== null) results.push(measured('journalctl --verify', events, journal.length, stock));
    results.push(measured('syslog-ng-slog', lines, text.length, engine('slog', folder)));
    const other = tool('slogverify', [
      '-k',
      at('h0.key'),
      '-m',
      at('mac.dat'),
      at('messages.slog'),
      at('plain.log'),
    ]);
    if (other !== null) results.push(measured('slogverify', lines, text.length, other));
    const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, node: process.versions.node };
    if (values.json) console.log(JSON.stringify({ events, lines, machine, results }));
    else printTable(results);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

if (values.step === undefined) await compare();
else await runStep(values.step, values.folder);
