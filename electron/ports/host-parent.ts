// The near side of a job host: talks to whoever started it, be it Electron's utilityProcess or a worker thread.
import { parentPort } from 'node:worker_threads';
import type { HostParent } from './host-process.ts';

/** The part of Electron's `process.parentPort` that is used; its typings need `electron`, which this folder must not. */
interface UtilityParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

const hasParentPort = (value: object): value is { readonly parentPort: UtilityParentPort } =>
  'parentPort' in value && typeof value.parentPort === 'object' && value.parentPort !== null;

/** @throws Error when this module was started neither by utilityProcess nor as a worker thread. */
export const connectParent = (): HostParent => {
  if (hasParentPort(process)) {
    const port = process.parentPort;
    return {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => void port.on('message', (event) => listener(event.data)),
    };
  }
  if (parentPort === null) throw new Error('A job host must be started by Probity');
  const port = parentPort;
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    onMessage: (listener) => void port.on('message', listener),
  };
};
