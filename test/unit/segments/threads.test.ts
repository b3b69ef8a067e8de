// Large logs on real threads: the report of one thread, threads that serve again, and an end to all of them on cancel.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { runInHost } from '../../../electron/jobs/run-in-host.ts';
import type { EngineRun } from '../../../electron/modules/audit/engine/format.ts';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import { openSourceSpec } from '../../../electron/ports/open-source-spec.ts';
import { recycled } from '../../../electron/ports/recycled-hosts.ts';
import { spawnThreadHost } from '../../../electron/ports/thread-host.ts';
import { writeLog } from '../../fixtures/guardian/generate.ts';
import { quietRun } from '../../fixtures/guardian/memory-source.ts';

const ENTRY = new URL('../../../electron/segment-host.ts', import.meta.url);
let folder = '';
let path = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probity-threads-'));
  path = join(folder, 'log.jsonl');
  await writeLog(path, { seed: 12, count: 80_000 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const verify = async (run: EngineRun, source = path): Promise<VerificationReport> =>
  (
    await guardianChain.verify(
      await openSourceSpec({ at: 'path', path: source }),
      { trustedHeads: [], keys: [] },
      run,
    )
  ).report;
const answerOf = ({ throughput: _throughput, ...rest }: VerificationReport): unknown => rest;

test('threads give the report of one thread, digest included, and serve again', async () => {
  const alone = await verify(quietRun);
  let started = 0;
  const hosts = recycled((entry, name) => {
    started += 1;
    return spawnThreadHost(entry, name);
  });
  try {
    const helpers = runInHost(hosts.spawn, ENTRY);
    expect(answerOf(await verify({ ...quietRun, helpers }))).toEqual(answerOf(alone));
    expect(started).toBeGreaterThan(0);
    expect(answerOf(await verify({ ...quietRun, helpers }))).toEqual(answerOf(alone));
    // Two runs of five parts each.
    expect(started).toBeLessThan(10);
  } finally {
    hosts.close();
  }
});

test('a cancel ends every thread', async () => {
  let alive = 0;
  const hosts = recycled((entry, name) => {
    const host = spawnThreadHost(entry, name);
    alive += 1;
    return { ...host, kill: () => void ((alive -= 1), host.kill()) };
  });
  const abort = new AbortController();
  const helpers = runInHost(hosts.spawn, ENTRY);
  const run = { signal: abort.signal, progress: () => abort.abort(), helpers };
  await expect(verify(run)).rejects.toMatchObject({ code: 'job.cancelled' });
  hosts.close();
  expect(alive).toBe(0);
});

test('when threads can’t run, the log is verified without them', async () => {
  const helpers = runInHost(spawnThreadHost, new URL('missing-host.ts', import.meta.url));
  expect(answerOf(await verify({ ...quietRun, helpers }))).toEqual(answerOf(await verify(quietRun)));
});
