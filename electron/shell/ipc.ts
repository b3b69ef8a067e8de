// The two channels between page and main process: who may use them, and how large a message may be.
import type { IpcMainInvokeEvent } from 'electron';
import { CHANNELS, type Reply } from '../../shared/contract/bridge.ts';
import type { ErrorParams, WireError } from '../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import { isWorkbenchDocument } from './origin.ts';
import type { DroppedFile, WorkbenchPort, WorkbenchReply } from './workbench-port.ts';

/** Characters of JSON that one call's input may have; files travel as handles, so a form is the largest input. */
export const MAX_INPUT = 1024 * 1024;
const MAX_PATH = 4096;
const MAX_OPERATION = 100;
const MAX_SESSION = 200;

interface Frame {
  readonly url: string;
  readonly parent: unknown;
}

/** The part of Electron's event that identifies the sender. */
export interface Sender {
  readonly senderFrame: Frame | null;
  readonly sender: { readonly id: number; readonly mainFrame: unknown };
}

export interface IpcMainApi {
  handle(
    channel: string,
    listener: (event: IpcMainInvokeEvent, ...args: unknown[]) => Promise<unknown>,
  ): void;
}

/**
 * The sender's name, or null for anyone but our own window's main frame on our own document.
 * A frame that has navigated or gone meanwhile is null in Electron, and so refused.
 */
export const verifiedSender = (event: Sender, windowId: number | null): string | null => {
  const frame = event.senderFrame;
  if (frame === null || windowId === null || event.sender.id !== windowId) return null;
  if (frame.parent !== null || frame !== event.sender.mainFrame) return null;
  return isWorkbenchDocument(frame.url) ? `window:${windowId}` : null;
};

const failed = (code: ErrorCode, params: ErrorParams = {}): { ok: false; error: WireError } => ({
  ok: false,
  error: { code, params },
});

const isText = (value: unknown, limit: number): value is string =>
  typeof value === 'string' && value.length <= limit;

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false };
const parse = (json: string): Parsed => {
  try {
    return { ok: true, value: JSON.parse(json) };
  } catch {
    return { ok: false };
  }
};

/** `input` is JSON text, so that its size is known and nothing but plain data comes out of it. */
export const answerCall = async (
  workbench: Pick<WorkbenchPort, 'call'>,
  sender: string | null,
  args: readonly unknown[],
): Promise<WorkbenchReply> => {
  if (sender === null) return { reply: failed('access.sender') };
  const [operation, input, session] = args;
  if (args.length !== 3 || !isText(operation, MAX_OPERATION)) {
    return { reply: failed('contract.unknown_operation') };
  }
  if (typeof input === 'string' && input.length > MAX_INPUT) {
    return { reply: failed('contract.too_large', { limit: MAX_INPUT }) };
  }
  const parsed = typeof input === 'string' ? parse(input) : ({ ok: false } as const);
  if (!parsed.ok) return { reply: failed('contract.invalid_input', { operation, path: '' }) };
  if (session !== null && !isText(session, MAX_SESSION)) return { reply: failed('access.no_session') };
  return workbench.call({ operation, input: parsed.value, session, sender });
};

export const answerDropped = async (
  workbench: Pick<WorkbenchPort, 'droppedPath'>,
  sender: string | null,
  args: readonly unknown[],
): Promise<Reply<DroppedFile>> => {
  if (sender === null) return failed('access.sender');
  const [path] = args;
  // Empty is what webUtils says of a File that isn't on disk.
  if (args.length !== 1 || !isText(path, MAX_PATH) || path === '' || path.includes('\0')) {
    return failed('file.not_regular', { name: '?' });
  }
  return workbench.droppedPath(path, sender);
};

/** @param windowId the id of the window's web contents, or null while there is none */
export const registerIpc = (
  ipcMain: IpcMainApi,
  workbench: Pick<WorkbenchPort, 'call' | 'droppedPath'>,
  windowId: () => number | null,
): void => {
  ipcMain.handle(CHANNELS.call, async (event, ...args) =>
    answerCall(workbench, verifiedSender(event, windowId()), args),
  );
  ipcMain.handle(CHANNELS.dropped, async (event, ...args) =>
    answerDropped(workbench, verifiedSender(event, windowId()), args),
  );
};
