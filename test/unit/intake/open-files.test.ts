// Readers that stop early (detection, one record) close what they opened.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { detect } from '../../../electron/modules/audit/engine/detect.ts';
import { FORMATS } from '../../../electron/modules/audit/engine/formats.ts';
import { openDiskSource } from '../../../electron/ports/disk-source.ts';
import { writeLog } from '../../fixtures/guardian/generate.ts';

const folder = mkdtempSync(join(tmpdir(), 'probity-open-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DESCRIPTORS = '/proc/self/fd';

test.runIf(existsSync(DESCRIPTORS))('a hundred detections and record views leave no file open', async () => {
  const path = join(folder, 'log.jsonl');
  await writeLog(path, { seed: 5, count: 3_000 });
  const source = await openDiskSource(path);
  const format = FORMATS.find(({ id }) => id === 'guardian-chain');
  const run = { signal: new AbortController().signal, progress: () => {} };
  const options = { trustedHeads: [], keys: [] };
  const verified = await format?.verify(source, options, run);
  if (format === undefined || verified === undefined) throw new Error('no format');
  const before = readdirSync(DESCRIPTORS).length;
  for (let index = 0; index < 100; index += 1) {
    await detect(source, FORMATS);
    await format.record(source, verified, index * 20, options);
  }
  expect(readdirSync(DESCRIPTORS).length).toBeLessThanOrEqual(before + 2);
});
