// How fast an export without hashes is sealed and checked, and in how much memory, against JSON.parse and SHA-256 alone.
// Run: ELECTRON_RUN_AS_NODE=1 <electron> test/bench/exports.bench.ts [records] [plain-jsonl|plain-csv|syslog-rfc5424|windows-evtx]
import { hash } from 'node:crypto';
import { EXPORT_FORMATS } from '../../electron/modules/audit/engine/exports/export-formats.ts';
import type { Source } from '../../electron/ports/source.ts';
import {
  evtxXml,
  plainCsvHeader,
  plainCsvRow,
  plainRecord,
  syslogLine,
} from '../fixtures/exports/vendors.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const formatId = process.argv[3] ?? 'plain-jsonl';

const WRITERS: Readonly<Record<string, (i: number) => string>> = {
  'plain-jsonl': (i) => JSON.stringify(plainRecord(i)),
  'plain-csv': plainCsvRow,
  'syslog-rfc5424': syslogLine,
  'windows-evtx': (i) => evtxXml(i),
};
const write = WRITERS[formatId];
const format = EXPORT_FORMATS.find(({ id }) => id === formatId);
if (write === undefined || format === undefined) throw new Error(`no writer for ${formatId}`);

const BLOCK = 4_000;
async function* text(): AsyncGenerator<Buffer> {
  if (formatId === 'plain-csv') yield Buffer.from(`${plainCsvHeader}\n`);
  for (let at = 0; at < count; at += BLOCK) {
    let block = '';
    for (let i = at; i < Math.min(count, at + BLOCK); i += 1) block += `${write?.(i) ?? ''}\n`;
    yield Buffer.from(block);
  }
}

/** Seconds of this process on a processor: other work on the machine doesn't count. */
const busy = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

let [bytes, writing] = [0, busy()];
for await (const block of text()) bytes += block.length;
writing = busy() - writing;

// Written anew each time it is read: nothing of it lies in memory or on the disk.
async function* part(start: number, end: number): AsyncGenerator<Buffer> {
  let position = 0;
  for await (const block of text()) {
    const [from, to] = [Math.max(0, start - position), Math.min(block.length, end - position)];
    position += block.length;
    if (to > from) yield block.subarray(from, to);
    if (position >= end) return;
  }
}
const source: Source = {
  name: 'bench',
  kind: 'file',
  files: [{ name: 'bench', bytes, open: ({ start = 0, end = bytes } = {}) => part(start, end) }],
};

globalThis.gc?.();
const idle = process.memoryUsage.rss();
let peak = idle;
const sample = (): void => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
const timer = setInterval(sample, 20);
const began = busy();
const { report } = await format.verify(
  source,
  { trustedHeads: [], keys: [] },
  { signal: new AbortController().signal, progress: sample },
);
const seconds = busy() - began - writing;
clearInterval(timer);
const telling = report.findings.filter(({ verdict }) => verdict !== undefined);
if (report.verdict !== 'NOT_TAMPER_EVIDENT' || telling.length > 0)
  throw new Error(`a false alarm: ${JSON.stringify(telling[0])}`);

let baseline = busy();
for await (const block of text()) {
  for (const line of block.toString('utf8').split('\n')) {
    if (line === '') continue;
    if (line.startsWith('{')) JSON.parse(line);
    hash('sha256', line);
  }
}
baseline = busy() - baseline - writing;

const rate = (value: number): string => (count / value).toFixed(0);
const mib = (value: number): string => (value / 1_048_576).toFixed(0);
console.log(
  `${formatId}: ${count} records, ${mib(bytes)} MiB, verdict ${report.verdict}, ${report.findings.length} findings (time without writing the text, ${writing.toFixed(1)} s)`,
);
console.log(
  `  verify    ${seconds.toFixed(2)} CPU-s  ${rate(seconds)} records/s  ${(bytes / 1e6 / seconds).toFixed(0)} MB/s`,
);
console.log(
  `  baseline  ${baseline.toFixed(2)} CPU-s  ${rate(baseline)} records/s (split, JSON.parse, SHA-256, nothing else)`,
);
console.log(`  peak RSS ${mib(peak)} MiB (${mib(idle)} MiB before), the writing of the text included`);
