// Calls over the bridge: values, refusals, and the lock noticed in one place.
import { describe, expect, test } from 'vitest';
import type { ProbityBridge, Push, Reply } from '../../../shared/contract/bridge.ts';
import { ERRORS } from '../../../shared/errors/codes.ts';
import { createClient } from '../../../renderer/bridge/client.ts';
import { describeCode, describeError, OperationError } from '../../../renderer/bridge/operation-error.ts';

const bridgeThat = (reply: Reply<never>): ProbityBridge => ({
  call: async () => reply,
  jobs: (listener: (push: Push) => void) => {
    listener({ type: 'locked', reason: 'idle' });
    return () => undefined;
  },
  droppedFile: async () => reply,
});

describe('client', () => {
  test('an allowed call gives its value', async () => {
    const client = createClient({
      ...bridgeThat({ ok: false, error: { code: 'access.denied', params: {} } }),
      call: async () => ({ ok: true, value: [] as never }),
    });
    expect(await client.call('cases.list', {})).toEqual([]);
  });

  test('a refusal is thrown with its code, parameters and trace', async () => {
    const client = createClient(
      bridgeThat({
        ok: false,
        error: { code: 'file.changed', params: { name: 'log.jsonl' }, traceId: 't-1' },
      }),
    );
    const error = await client.call('cases.list', {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OperationError);
    expect(describeError(error)).toEqual({
      what: 'log.jsonl changed while it was read.',
      remedy: 'Stop whatever writes to it, or take a copy, and import it again.',
      code: 'file.changed',
      severity: 'error',
      traceId: 't-1',
    });
  });

  test('any call or drop without a session tells the frame to lock, until it stops listening', async () => {
    const client = createClient(bridgeThat({ ok: false, error: { code: 'access.no_session', params: {} } }));
    let locks = 0;
    const stop = client.onNoSession(() => {
      locks += 1;
    });
    await client.call('cases.list', {}).catch(() => undefined);
    await client.droppedFile({} as File).catch(() => undefined);
    stop();
    await client.call('cases.list', {}).catch(() => undefined);
    expect(locks).toBe(2);
  });

  test('an ordinary refusal does not lock', async () => {
    const client = createClient(
      bridgeThat({ ok: false, error: { code: 'workspace.wrong_passphrase', params: {} } }),
    );
    let locks = 0;
    client.onNoSession(() => {
      locks += 1;
    });
    await client.call('workspace.unlock', { passphrase: 'x' }).catch(() => undefined);
    expect(locks).toBe(0);
  });
});

describe('words of errors', () => {
  test('every code has words', () => {
    for (const code of Object.keys(ERRORS)) expect(describeCode(code).what.length).toBeGreaterThan(1);
  });

  test('a code that this version does not know keeps its code', () => {
    const words = describeCode('audit.from_the_future', {}, 't-9');
    expect(words.code).toBe('audit.from_the_future');
    expect(words.what).toContain('t-9');
  });

  test('something that is no operation error is an unexpected one', () => {
    expect(describeError(new TypeError('boom')).code).toBe('internal.unexpected');
    expect(describeError(new TypeError('boom')).what).not.toContain('{');
  });
});
