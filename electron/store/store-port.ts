// Calls functions in another thread and gets their results or AppErrors back.
import type { Worker, MessagePort } from 'node:worker_threads';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import type { ErrorParams } from '../../shared/errors/app-error.ts';
import type { ErrorCode } from '../../shared/errors/codes.ts';
import { storeError } from './store-errors.ts';

/** An interface whose members are all functions of cloneable values. */
export type Api<T> = { readonly [K in keyof T]: (...args: never[]) => unknown };

interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

type Answer = { readonly id: number } & (
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: ErrorCode; readonly params: ErrorParams }
  | { readonly ok: false; readonly code: null; readonly message: string; readonly stack: string }
);

/** The near side. Each function becomes asynchronous. */
export interface StorePort<T extends Api<T>> {
  call<K extends keyof T & string>(name: K, ...args: Parameters<T[K]>): Promise<Awaited<ReturnType<T[K]>>>;
  /** Ends the thread; calls under way are rejected. */
  terminate(): Promise<void>;
}

const errorOf = (answer: Exclude<Answer, { ok: true }>): Error => {
  if (answer.code !== null) return new AppError(answer.code, answer.params);
  const error = new Error(answer.message);
  error.stack = answer.stack;
  return error;
};

export const connectStore = <T extends Api<T>>(worker: Worker): StorePort<T> => {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let next = 0;
  let ended: Error | null = null;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (answer: Answer) => {
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.ok) call?.resolve(answer.value);
    else call?.reject(errorOf(answer));
  });
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the store thread has ended')));
  return {
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        if (ended !== null) {
          reject(ended);
          return;
        }
        next += 1;
        waiting.set(next, { resolve: resolve as (value: unknown) => void, reject });
        worker.postMessage({ id: next, name, args } satisfies Call, []);
      }),
    terminate: async () => {
      await worker.terminate();
    },
  };
};

const failure = (id: number, thrown: unknown): Answer => {
  const error = storeError(thrown);
  if (isAppError(error)) return { id, ok: false, code: error.code, params: error.params };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { id, ok: false, code: null, message, stack: stack ?? message };
};

/** The far side: answers calls in their order of arrival; asynchronous functions may overlap. */
export const serveStore = <T extends Api<T>>(port: MessagePort, api: T): void => {
  const functions = new Map<string, (...args: unknown[]) => unknown>(Object.entries(api));
  const answer = async ({ id, name, args }: Call): Promise<void> => {
    try {
      const run = functions.get(name);
      if (run === undefined) throw new Error(`the store has no function ${name}`);
      const value = await run(...args);
      port.postMessage({ id, ok: true, value } satisfies Answer);
    } catch (error) {
      port.postMessage(failure(id, error));
    }
  };
  port.on('message', (call: Call) => void answer(call));
};
