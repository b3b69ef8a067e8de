// What the shell needs of the workbench: one door for the page's calls, and the few events that only the shell sees.
import type { Push, Reply } from '../../shared/contract/bridge.ts';
import type { Dialogs, Host, PdfPrinter } from '../ports/host.ts';
import type { SpawnHostProcess } from '../ports/host-process.ts';

export interface WorkbenchCall {
  readonly operation: string;
  readonly input: unknown;
  readonly session: string | null;
  /** Who the shell verified: `window:<web contents id>`. */
  readonly sender: string;
}

/** `session` absent = unchanged, null = dropped, text = the new token. It travels beside the reply, never in it. */
export interface WorkbenchReply {
  readonly reply: Reply<unknown>;
  readonly session?: string | null;
}

export interface DroppedFile {
  readonly handle: string;
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

export interface WorkbenchPort {
  /** Dispatches one call of the page. Never rejects for an expected outcome. */
  call(request: WorkbenchCall): Promise<WorkbenchReply>;
  droppedPath(path: string, sender: string): Promise<Reply<DroppedFile>>;
  onPush(listener: (push: Push) => void): () => void;
  lock(reason: 'idle' | 'suspend' | 'screen'): Promise<void>;
  /** Minutes without input until the workspace locks; 0 = never. */
  idleLockMinutes(): number;
  /** A .probity folder given on the command line or by a double click: selected, and left locked. */
  openPath(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface WorkbenchParts {
  readonly host: Host;
  readonly dialogs: Dialogs;
  readonly printer: PdfPrinter;
  readonly spawn: SpawnHostProcess;
  /** The built file of an entry that runs elsewhere; the bundler moves everything else about. */
  readonly entry: (name: 'job-host' | 'store-host') => URL;
  /** Where the text of a bug goes; nowhere in a release, for it may name what the user works on. */
  readonly unexpected?: (traceId: string, operation: string, error: unknown) => void;
}

export type CreateWorkbench = (parts: WorkbenchParts) => Promise<WorkbenchPort>;

/** What `cli.ts` gets; it resolves to the exit code. */
export type RunCli = (argv: readonly string[], parts: Omit<WorkbenchParts, 'dialogs'>) => Promise<number>;
