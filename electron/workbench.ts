// Assembles store, journal, jobs and modules behind the gateway: the same for the window, the CLI and the tests.
import { basename } from 'node:path';
import { lstat } from 'node:fs/promises';
import type { Push, Reply } from '../shared/contract/bridge.ts';
import { isAppError } from '../shared/errors/app-error.ts';
import { DEFAULT_SETTINGS } from '../shared/model/workspace.ts';
import { Sessions } from './access/sessions.ts';
import { Gateway, type GatewayCall, type GatewayReply } from './gateway/gateway.ts';
import { JobManager } from './jobs/job-manager.ts';
import { runInHost } from './jobs/run-in-host.ts';
import { auditHandlers } from './modules/audit/handlers.ts';
import { readingHandlers, ReadingHost, Readings, Verifications } from './modules/audit/public.ts';
import { recipeHandlers } from './modules/audit/recipes.ts';
import { caseHandlers } from './modules/cases/handlers.ts';
import { evidenceHandlers } from './modules/evidence/handlers.ts';
import { jobHandlers, journalHandlers } from './modules/journal/handlers.ts';
import { reportHandlers } from './modules/reports/handlers.ts';
import { fillSample } from './modules/sample/fill-sample.ts';
import { settingsHandlers } from './modules/settings/handlers.ts';
import { getSettings } from './modules/settings/public.ts';
import { fileHandlers, workspaceHandlers } from './modules/workspace/handlers.ts';
import { CurrentWorkspace, RecentWorkspaces } from './modules/workspace/public.ts';
import { randomIds, systemClock } from './ports/clock.ts';
import { fileError } from './ports/system-error.ts';
import { FileHandles } from './ports/file-handles.ts';
import type { DroppedFile, WorkbenchParts, WorkbenchPort } from './shell/workbench-port.ts';

/** What the CLI and tests use beside the page's door: handles for paths, and the end of a job. */
export interface Workbench extends WorkbenchPort {
  readonly handles: FileHandles;
  readonly jobs: JobManager;
  call(request: GatewayCall): Promise<GatewayReply>;
}

/** Two heavy jobs at once; the rest wait. */
const PARALLEL_JOBS = 2;

export const createWorkbench = async (parts: WorkbenchParts): Promise<Workbench> => {
  const { host, dialogs, printer } = parts;
  const [clock, ids] = [systemClock, randomIds];
  const listeners = new Set<(push: Push) => void>();
  const push = (message: Push): void => {
    for (const listener of listeners) listener(message);
  };
  const unexpected = parts.unexpected ?? (() => {});
  const sessions = new Sessions();
  const handles = new FileHandles();
  const verifications = new Verifications();
  const readings = new Readings(new ReadingHost(parts.spawn, parts.entry('job-host')), ids);
  const jobs = new JobManager({
    host: runInHost(parts.spawn, parts.entry('job-host')),
    clock,
    ids,
    parallel: PARALLEL_JOBS,
    changed: (job) => push({ type: 'job', job }),
    unexpected,
  });
  let idleLockMinutes = DEFAULT_SETTINGS.idleLockMinutes;
  const surroundings = {
    now: clock.now,
    resourcesDir: host.resourcesDir,
    appVersion: host.appVersion,
    workerUrl: parts.entry('store-host'),
  };
  const current = new CurrentWorkspace({
    surroundings,
    opened: async (vault) => {
      ({ idleLockMinutes } = await getSettings(vault));
      await jobs.load(vault);
    },
    closing: async () => {
      sessions.revokeAll();
      await jobs.stopAll();
      verifications.forget();
      readings.forget();
    },
  });
  const shared = { jobs, handles, verifications, readings, clock, ids, host, printer };
  const gateway = new Gateway({
    sessions,
    unexpected,
    vault: () => current.vault,
    selected: () => current.folder !== null,
    handlers: {
      ...workspaceHandlers({
        current,
        surroundings,
        handles,
        dialogs,
        host,
        clock,
        recent: new RecentWorkspaces(host.userDataDir),
        fillSample: (vault) => fillSample(vault, { clock, ids, host, jobs }),
      }),
      ...fileHandlers(handles, dialogs),
      ...settingsHandlers((settings) => {
        ({ idleLockMinutes } = settings);
      }),
      ...caseHandlers(clock, ids),
      ...auditHandlers(shared),
      ...readingHandlers(shared),
      ...recipeHandlers(shared),
      ...reportHandlers(shared),
      ...evidenceHandlers(shared),
      ...journalHandlers(handles),
      ...jobHandlers(jobs),
    },
  });

  const droppedPath = async (path: string): Promise<Reply<DroppedFile>> => {
    const name = basename(path);
    try {
      const stat = await lstat(path);
      if (!stat.isFile() && !stat.isDirectory())
        return { ok: false, error: { code: 'file.not_regular', params: { name } } };
      return {
        ok: true,
        value: { handle: handles.issue(path), name, kind: stat.isDirectory() ? 'folder' : 'file' },
      };
    } catch (error) {
      const failure = fileError(error, name, 'file.not_found');
      if (!isAppError(failure)) throw failure;
      return { ok: false, error: { code: failure.code, params: failure.params } };
    }
  };

  return {
    handles,
    jobs,
    call: (request) => gateway.call(request),
    droppedPath,
    onPush: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    lock: async (reason) => {
      const vault = current.vault;
      if (vault === null) return;
      await vault.commit({
        entry: {
          eventType: 'workspace',
          principal: 'owner',
          resource: null,
          action: 'workspace.lock',
          result: 'success',
          detail: { reason },
        },
      });
      await current.close();
      push({ type: 'locked', reason });
    },
    idleLockMinutes: () => (current.vault === null ? 0 : idleLockMinutes),
    openPath: async (path) => {
      await gateway.call({
        operation: 'workspace.select',
        input: { place: handles.issue(path) },
        session: null,
        sender: 'launch',
      });
    },
    close: () => current.close(),
  };
};
