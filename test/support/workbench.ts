// The whole main process without Electron: real vault, real job hosts (threads), gateway and CLI, in a folder of the test's.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { OperationInput, OperationName, OperationOutput } from '../../shared/contract/index.ts';
import type { Reply } from '../../shared/contract/bridge.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { JobId } from '../../shared/model/ids.ts';
import { spawnThreadHost } from '../../electron/ports/thread-host.ts';
import type { PdfPrinter } from '../../electron/ports/host.ts';
import { createWorkbench, type Workbench } from '../../electron/workbench.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Printing needs Chromium; here the PDF is the smallest file that says how long its source was. The app's tests print for real. */
const stubPrinter: PdfPrinter = {
  print: async (html) => new TextEncoder().encode(`%PDF-1.7\n% ${html.length}\n%%EOF\n`),
};

export const testParts = (userDataDir: string) => ({
  host: { appVersion: '0.0.0-test', resourcesDir: join(root, 'resources'), userDataDir },
  printer: stubPrinter,
  spawn: spawnThreadHost,
  entry: (name: 'job-host' | 'store-host') => pathToFileURL(join(root, 'electron', `${name}.ts`)),
});

export interface TestBench {
  readonly folder: string;
  readonly workbench: Workbench;
  /** Bugs that the gateway or a job caught. */
  readonly bugs: unknown[];
  reply<N extends OperationName>(
    operation: N,
    input: OperationInput<N>,
    session?: string | null,
  ): Promise<Reply<OperationOutput<N>>>;
  /** @throws AppError */
  call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<OperationOutput<N>>;
  /** Waits for a job; @throws AppError with its failure. */
  result(id: JobId): Promise<string | null>;
  session(): string | null;
  close(): Promise<void>;
}

export const PASSPHRASE = 'Correct-Horse-Battery-7';

export const openTestBench = async (): Promise<TestBench> => {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'));
  const bugs: unknown[] = [];
  const dialogs = { choose: async () => null, chooseNew: async () => null };
  const workbench = await createWorkbench({
    ...testParts(folder),
    dialogs,
    unexpected: (_trace, _operation, error) => void bugs.push(error),
  });
  let session: string | null = null;
  const reply: TestBench['reply'] = async (operation, input, own = session) => {
    const answer = await workbench.call({ operation, input, session: own, sender: 'test' });
    if (answer.session !== undefined) session = answer.session;
    return answer.reply as never;
  };
  return {
    folder,
    workbench,
    bugs,
    reply,
    session: () => session,
    call: async (operation, input) => {
      const answer = await reply(operation, input);
      if (!answer.ok) throw new AppError(answer.error.code, answer.error.params);
      return answer.value;
    },
    result: async (id) => {
      const job = await workbench.jobs.ended(id);
      if (job.failure !== null) throw new AppError(job.failure.code as AppError['code'], job.failure.params);
      return job.result;
    },
    close: async () => {
      await workbench.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Makes a workspace in the bench's folder and unlocks it. */
export const withNewWorkspace = async (bench: TestBench): Promise<void> => {
  const place = bench.workbench.handles.issue(join(bench.folder, 'case-work.probity'));
  await bench.call('workspace.create', { place, passphrase: PASSPHRASE, organisation: 'Test & Söhne' });
};
