// Measures the hash-chain verifier on generated logs of several dialects beside the straightforward way of doing it.
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { hashChain } from '../../electron/modules/audit/engine/hash-chain/hash-chain.ts';
import { beginningOf } from '../../electron/modules/audit/engine/hash-chain/beginning.ts';
import { infer } from '../../electron/modules/audit/engine/hash-chain/infer.ts';
import { DIALECTS, logOf } from '../fixtures/hash-chain/dialects.ts';
import { memorySource, quietRun } from '../fixtures/guardian/memory-source.ts';

const { values } = parseArgs({
  options: { events: { type: 'string', default: '50000' }, only: { type: 'string', default: '' } },
});
const count = Number(values.events);
if (!Number.isSafeInteger(count) || count < 1) throw new RangeError('--events wants a whole number above 0');

const cpuSeconds = async (work: () => Promise<void> | void): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
};

/** JSON.parse, JSON.stringify, createHash: what one would write first, and no more than a lower bound of the work. */
const naive = (log: string): void => {
  for (const line of log.split('\n')) {
    if (line === '' || !line.startsWith('{')) continue;
    const { hash: _own, ...rest } = JSON.parse(line) as Record<string, unknown>;
    createHash('sha256').update(JSON.stringify(rest)).digest('hex');
  }
};

const rows = [];
for (const dialect of DIALECTS) {
  if (!dialect.name.includes(values.only)) continue;
  const log = logOf(dialect, count);
  const keys = dialect.key === undefined ? [] : [{ name: 'key', bytes: Buffer.from(dialect.key) }];
  const beginning = await beginningOf(memorySource(log), 64 * 1024);
  const secrets = keys.map(({ name, bytes }) => ({ name, bytes }));
  const inference = await cpuSeconds(() => void (beginning !== null && infer(beginning, secrets, false)));
  let verdict = '';
  const engine = await cpuSeconds(async () => {
    const { report } = await hashChain.verify(memorySource(log), { trustedHeads: [], keys }, quietRun);
    verdict = report.verdict;
  });
  const baseline = dialect.isCsv === true ? null : await cpuSeconds(() => naive(log));
  rows.push({
    dialect: dialect.name,
    'records/CPU-s': Math.round(count / engine),
    'MB/CPU-s': Math.round(log.length / 1e6 / engine),
    'naive records/CPU-s': baseline === null ? '' : Math.round(count / baseline),
    'inference ms': Math.round(inference * 1000),
    verdict,
  });
}
console.table(rows);
