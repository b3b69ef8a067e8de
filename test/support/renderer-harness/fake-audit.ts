// Answers of the audit and evidence rooms beyond their lists.
import type { JobId } from '../../../shared/model/ids.ts';
import type { Answers, FakeOptions } from './fake-bridge.ts';
import { IMPORTS } from './fake-data.ts';

export type StartJob = (title: string, ticks: number) => JobId;

export const auditAnswers = (options: FakeOptions, startJob: StartJob): Answers => ({
  'audit.getImport': ({ id }) => {
    const found = IMPORTS.find((log) => log.id === id);
    if (found === undefined || options.isEmpty) throw new Error('no such import');
    return found;
  },
  'audit.import': () => ({ jobId: startJob('portal-access-2026-05.jsonl', 15) }),
});
