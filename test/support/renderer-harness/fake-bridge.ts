// A bridge that answers from memory. Inputs and answers go through the contract's schemas, so that the fake stays honest.
import * as v from 'valibot';
import type { ProbityBridge, Push, Reply } from '../../../shared/contract/bridge.ts';
import {
  CONTRACT,
  type OperationInput,
  type OperationName,
  type OperationOutput,
} from '../../../shared/contract/index.ts';
import type { WireError } from '../../../shared/errors/app-error.ts';
import type { Case } from '../../../shared/model/case.ts';
import type { Job } from '../../../shared/model/job.ts';
import { DEFAULT_SETTINGS, type Settings, type WorkspaceStatus } from '../../../shared/model/workspace.ts';
import { auditAnswers, type FakeJob } from './fake-audit.ts';
import { readingAnswers } from './fake-reading.ts';
import {
  CASES,
  FINISHED_JOBS,
  IDENTITY,
  IMPORTS,
  PACKS,
  REPORTS,
  VERIFICATIONS,
  caseId,
  fileHandle,
  journal,
  jobId,
} from './fake-data.ts';

export interface FakeOptions {
  readonly start: 'none' | 'locked' | 'open';
  /** No cases, nothing imported. */
  readonly isEmpty: boolean;
  /** The journal was edited behind the app's back. */
  readonly isAltered: boolean;
}

/** What the harness (and its screenshots) can do from outside. */
export interface FakeControl {
  settings(change: object): void;
  push(push: Push): void;
  /** Starts a pretended verification that ends after some seconds. */
  runJob(title: string, ticks: number): void;
  readonly calls: string[];
}

export class Refusal extends Error {
  readonly error: WireError;
  constructor(error: WireError) {
    super(error.code);
    this.error = error;
  }
}

export type Answers = {
  [N in OperationName]?: (input: v.InferOutput<(typeof CONTRACT)[N]['input']>) => OperationOutput<N>;
};

export const PASSPHRASE = 'lantern orbit saddle quiet';

export const createFakeBridge = (
  options: FakeOptions,
): { readonly bridge: ProbityBridge; readonly control: FakeControl } => {
  const listeners = new Set<(push: Push) => void>();
  const calls: string[] = [];
  let settings: Settings = { ...DEFAULT_SETTINGS, theme: 'light', organisation: 'Nordlicht Audit GmbH' };
  let status: WorkspaceStatus = {
    state: options.start,
    name: options.start === 'none' ? null : 'Nordlicht audits 2026',
    isSample: !options.isEmpty && options.start !== 'none',
    appVersion: '0.1.0',
    readOnly: false,
  };
  const cases: Case[] = options.isEmpty ? [] : [...CASES];
  const entries = journal(options.isEmpty ? 3 : 48_211);
  const jobs = new Map<string, Job>(options.isEmpty ? [] : FINISHED_JOBS.map((job) => [job.id, job]));
  let serial = 10;

  const push = (message: Push): void => {
    for (const listener of listeners) listener(message);
  };
  const ofCase = <T extends { readonly caseId: string }>(list: readonly T[], id: string | undefined): T[] =>
    options.isEmpty ? [] : list.filter((item) => id === undefined || item.caseId === id);
  const stop = (code: WireError['code'], params: WireError['params'] = {}): never => {
    throw new Refusal({ code, params });
  };
  const open = (state: WorkspaceStatus['state'], change: Partial<WorkspaceStatus> = {}): WorkspaceStatus => {
    status = { ...status, state, ...change };
    return status;
  };
  const journalStatus = (): OperationOutput<'journal.status'> => ({
    entries: entries.length,
    head: entries.at(-1)?.chainHash ?? null,
    checkedAt: '2026-11-21T08:30:04.000Z',
    intact: !options.isAltered,
    problems: options.isAltered
      ? [
          {
            seq: 30_112,
            record: null,
            message: 'The stored hash differs from the one recomputed from the entry.',
          },
          {
            seq: null,
            record: cases[0]?.id ?? null,
            message: 'The record differs from the digest that the journal holds of it.',
          },
        ]
      : [],
  });

  const runJob = ({ title, ticks, kind, result, caseId: of }: FakeJob): Job => {
    serial += 1;
    const total = 866_000_000;
    const started = new Date().toISOString();
    let job: Job = {
      id: jobId(serial),
      kind,
      state: 'running',
      caseId: of ?? caseId(1),
      title,
      createdAt: started,
      startedAt: started,
      finishedAt: null,
      progress: { step: 'verifying', done: 0, total, unit: 'bytes', records: 0 },
      result: null,
      failure: null,
    };
    jobs.set(job.id, job);
    push({ type: 'job', job });
    let tick = 0;
    const timer = setInterval(() => {
      const now = jobs.get(job.id);
      if (now === undefined || now.state === 'cancelled') {
        clearInterval(timer);
        return;
      }
      tick += 1;
      const isEnd = tick >= ticks;
      const share = Math.min(1, tick / ticks);
      job = {
        ...job,
        state: isEnd ? 'succeeded' : 'running',
        finishedAt: isEnd ? new Date().toISOString() : null,
        progress: {
          step: 'verifying',
          done: Math.floor(total * share),
          total,
          unit: 'bytes',
          records: Math.floor(1_000_000 * share),
        },
        result: isEnd ? result : null,
      };
      jobs.set(job.id, job);
      push({ type: 'job', job });
    }, 200);
    return job;
  };

  const answers: Answers = {
    'workspace.status': () => status,
    'workspace.recent': () =>
      options.isEmpty
        ? []
        : [
            {
              handle: fileHandle(1),
              name: 'Nordlicht audits 2026',
              folder: 'Documents',
              openedAt: '2026-11-20T16:10:00.000Z',
            },
            {
              handle: fileHandle(2),
              name: 'Archive 2025',
              folder: 'external disk',
              openedAt: '2026-01-12T09:00:00.000Z',
            },
          ],
    'workspace.create': () => open('open', { name: 'Audits', isSample: false }),
    'workspace.select': () => open('locked', { name: 'Nordlicht audits 2026' }),
    'workspace.unlock': ({ passphrase }) =>
      passphrase === PASSPHRASE ? open('open') : stop('workspace.wrong_passphrase'),
    'workspace.openSample': () => ({
      status: open('open', { name: 'Sample workspace', isSample: true }),
      passphrase: PASSPHRASE,
    }),
    'workspace.lock': () => open('locked'),
    'workspace.close': () => open('none', { name: null }),
    'settings.get': () => settings,
    'settings.set': (next) => {
      settings = next;
      return settings;
    },
    'files.choose': ({ purpose }) => ({
      handle: fileHandle(9),
      name: purpose === 'workspace' ? 'Nordlicht audits 2026.probity' : `chosen-${purpose}`,
      kind: purpose === 'log-folder' ? 'folder' : 'file',
    }),
    'files.chooseNew': ({ suggestedName }) => ({ handle: fileHandle(8), name: suggestedName, kind: 'new' }),
    'cases.list': () => cases,
    'cases.get': ({ id }) => cases.find((c) => c.id === id) ?? stop('record.not_found', { kind: 'case' }),
    'cases.create': (draft) => {
      serial += 1;
      const now = new Date().toISOString();
      const made: Case = { id: caseId(serial), ...draft, createdAt: now, updatedAt: now };
      cases.unshift(made);
      return made;
    },
    'cases.update': ({ id, ...draft }) => {
      const at = cases.findIndex((c) => c.id === id);
      const old = cases[at];
      if (old === undefined) return stop('record.not_found', { kind: 'case' });
      const made: Case = { ...old, ...draft, updatedAt: new Date().toISOString() };
      cases[at] = made;
      return made;
    },
    'audit.imports': ({ caseId: id }) => ofCase(IMPORTS, id),
    'audit.verifications': ({ caseId: id, importId }) =>
      ofCase(VERIFICATIONS, id).filter((x) => importId === undefined || x.importId === importId),
    'reports.list': ({ caseId: id }) => ofCase(REPORTS, id),
    'evidence.packs': ({ caseId: id }) => ofCase(PACKS, id),
    'evidence.identity': () => IDENTITY,
    'evidence.exportRoot': () => ({ name: 'probity-root.pem', fingerprint: IDENTITY.rootFingerprint }),
    'journal.status': journalStatus,
    'journal.verify': journalStatus,
    'journal.page': ({ before, limit, result, text }) => {
      const matching = entries.filter(
        (e) =>
          (result === undefined || e.result === result) &&
          (text === undefined || JSON.stringify(e).toLowerCase().includes(text.toLowerCase())),
      );
      return {
        total: matching.length,
        entries: matching
          .filter((e) => before === undefined || e.seq < before)
          .slice(-limit)
          .toReversed(),
      };
    },
    'journal.export': () => ({
      name: 'journal-2026-11-21.jsonl',
      entries: entries.length,
      head: entries.at(-1)?.chainHash ?? '',
      bytes: 41_000_000,
    }),
    'jobs.list': () => [...jobs.values()],
    'jobs.cancel': ({ id }) => {
      const job = jobs.get(id);
      if (job === undefined) return stop('record.not_found', { kind: 'job' });
      const made: Job = {
        ...job,
        state: 'cancelled',
        finishedAt: new Date().toISOString(),
        failure: { code: 'job.cancelled', params: {} },
      };
      jobs.set(id, made);
      push({ type: 'job', job: made });
      return made;
    },
    ...auditAnswers(options, (job) => runJob(job).id),
    ...readingAnswers(options, (job) => runJob(job).id),
  };

  const call = async <N extends OperationName>(
    name: N,
    input: OperationInput<N>,
  ): Promise<Reply<OperationOutput<N>>> => {
    calls.push(name);
    await new Promise((resolve) => setTimeout(resolve, 15));
    if (CONTRACT[name].session === 'required' && status.state !== 'open')
      return { ok: false, error: { code: 'access.no_session', params: {} } };
    const answer = answers[name] as ((input: unknown) => OperationOutput<N>) | undefined;
    if (answer === undefined) return { ok: false, error: { code: 'contract.unknown_operation', params: {} } };
    try {
      const value = answer(v.parse(CONTRACT[name].input, input));
      v.parse(CONTRACT[name].output, value);
      return { ok: true, value };
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, error: error.error };
      console.error(`fake bridge: ${name}`, error);
      return { ok: false, error: { code: 'internal.unexpected', params: {}, traceId: 'fake-0001' } };
    }
  };

  return {
    bridge: Object.freeze({
      call,
      jobs: (listener: (message: Push) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      droppedFile: async (file: unknown) => ({
        ok: true as const,
        value: { handle: fileHandle(7), name: (file as File).name, kind: 'file' as const },
      }),
    }),
    control: {
      settings: (change) => {
        settings = { ...settings, ...change };
      },
      push,
      runJob: (title, ticks) =>
        void runJob({ kind: 'audit.verify', title, ticks, result: VERIFICATIONS[0]?.id ?? null }),
      calls,
    },
  };
};
