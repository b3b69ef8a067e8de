// The bridge: gives the page one frozen object, and keeps the session token where the page can't reach it.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { CHANNELS, type ProbityBridge, type Push, type Reply } from '../shared/contract/bridge.ts';

/** What the main process answers; the token travels beside the reply and stays in this closure. */
interface Envelope {
  readonly reply: Reply<unknown>;
  readonly session?: string | null;
}

/** Pushes that come before the page has subscribed wait here, so that a page loaded anew learns why it was. */
const MAX_WAITING = 32;

let session: string | null = null;
const listeners = new Set<(push: Push) => void>();
let waiting: Push[] = [];

ipcRenderer.on(CHANNELS.push, (_event, push: Push) => {
  if (push.type === 'locked') session = null;
  if (listeners.size === 0) waiting = [...waiting, push].slice(-MAX_WAITING);
  for (const listener of listeners) listener(push);
});

const refused = (
  code: 'contract.invalid_input' | 'file.not_regular',
  params: Record<string, string>,
): Reply<never> => ({
  ok: false,
  error: { code, params },
});

const call = async (operation: unknown, input: unknown): Promise<Reply<unknown>> => {
  const json: unknown = JSON.stringify(input);
  if (typeof json !== 'string')
    return refused('contract.invalid_input', { operation: String(operation), path: '' });
  const answer: Envelope = await ipcRenderer.invoke(CHANNELS.call, operation, json, session);
  if (answer.session !== undefined) session = answer.session;
  return answer.reply;
};

const jobs = (listener: (push: Push) => void): (() => void) => {
  // A function of its own for each subscription: the same listener may subscribe twice.
  const mine = (push: Push): void => listener(push);
  listeners.add(mine);
  const missed = waiting;
  waiting = [];
  for (const push of missed) mine(push);
  return () => void listeners.delete(mine);
};

const droppedFile = async (file: unknown): Promise<Reply<unknown>> => {
  if (!(file instanceof File)) return refused('file.not_regular', { name: '?' });
  return ipcRenderer.invoke(CHANNELS.dropped, webUtils.getPathForFile(file));
};

contextBridge.exposeInMainWorld('probity', Object.freeze({ call, jobs, droppedFile }) as ProbityBridge);
