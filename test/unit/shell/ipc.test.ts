// The page's two channels: forged senders, sizes and shapes.
import { describe, expect, it, vi } from 'vitest';
import { CHANNELS } from '../../../shared/contract/bridge.ts';
import {
  answerCall,
  answerDropped,
  type IpcMainApi,
  MAX_INPUT,
  registerIpc,
  type Sender,
  verifiedSender,
} from '../../../electron/shell/ipc.ts';

const frame = (url: string, parent: unknown = null) => ({ url, parent });
const WINDOW = 7;
const own = frame('app://workbench/#/audit');
const genuine: Sender = { senderFrame: own, sender: { id: WINDOW, mainFrame: own } };

const call = () => vi.fn(async () => ({ reply: { ok: true, value: 1 } as const, session: 'T' }));

describe('verifiedSender', () => {
  it("names our own window's main frame", () => {
    expect(verifiedSender(genuine, WINDOW)).toBe('window:7');
  });

  const as = (url: string): Sender => {
    const forged = frame(url);
    return { senderFrame: forged, sender: { id: WINDOW, mainFrame: forged } };
  };
  it.each<[string, Sender, number | null]>([
    ['a frame that is gone', { ...genuine, senderFrame: null }, WINDOW],
    ['another web contents', { ...genuine, sender: { ...genuine.sender, id: 8 } }, WINDOW],
    ['no window at all', genuine, null],
    [
      'a frame inside the page',
      { senderFrame: frame('app://workbench/', own), sender: { id: WINDOW, mainFrame: own } },
      WINDOW,
    ],
    [
      'a frame that looks like the main frame',
      { senderFrame: frame('app://workbench/'), sender: { id: WINDOW, mainFrame: own } },
      WINDOW,
    ],
    ['an empty document', as(''), WINDOW],
    ['about:blank', as('about:blank'), WINDOW],
    ['about:srcdoc', as('about:srcdoc'), WINDOW],
    ['a file', as('file:///out/renderer/index.html'), WINDOW],
    ['a site', as('https://workbench/'), WINDOW],
    ['a data address', as('data:text/html,app://workbench/'), WINDOW],
    ['a blob of our own', as('blob:app://workbench/1'), WINDOW],
    ['another host', as('app://report/1'), WINDOW],
    ['a host that starts like ours', as('app://workbench.evil/'), WINDOW],
    ['user info', as('app://app@workbench/'), WINDOW],
    ['an asset', as('app://workbench/assets/index.js'), WINDOW],
    ['a query', as('app://workbench/?x'), WINDOW],
  ])('refuses %s', async (_name, sender, windowId) => {
    expect(verifiedSender(sender, windowId)).toBeNull();
  });
});

describe('answerCall', () => {
  it('hands on what the page said, parsed, with the verified name', async () => {
    const port = { call: call() };
    const answer = await answerCall(port, 'window:7', ['cases.list', '{"a":[1,null]}', 'token']);
    expect(answer).toEqual({ reply: { ok: true, value: 1 }, session: 'T' });
    expect(port.call).toHaveBeenCalledExactlyOnceWith({
      operation: 'cases.list',
      input: { a: [1, null] },
      session: 'token',
      sender: 'window:7',
    });
  });

  it.each<[string, string | null, readonly unknown[], string]>([
    ['no sender', null, ['cases.list', '{}', null], 'access.sender'],
    ['no operation', 'window:7', [], 'contract.unknown_operation'],
    [
      'an operation that is no text',
      'window:7',
      [{ toString: () => 'x' }, '{}', null],
      'contract.unknown_operation',
    ],
    ['an endless operation', 'window:7', ['x'.repeat(101), '{}', null], 'contract.unknown_operation'],
    ['one argument too many', 'window:7', ['cases.list', '{}', null, 1], 'contract.unknown_operation'],
    ['input that is no JSON', 'window:7', ['cases.list', '{', null], 'contract.invalid_input'],
    ['input that is no text', 'window:7', ['cases.list', {}, null], 'contract.invalid_input'],
    ['too much input', 'window:7', ['cases.list', `"${'x'.repeat(MAX_INPUT)}"`, null], 'contract.too_large'],
    ['a session that is no text', 'window:7', ['cases.list', '{}', 1], 'access.no_session'],
    ['an absent session', 'window:7', ['cases.list', '{}', undefined], 'access.no_session'],
    ['an endless session', 'window:7', ['cases.list', '{}', 'x'.repeat(201)], 'access.no_session'],
  ])('refuses %s without troubling the workbench', async (_name, sender, args, code) => {
    const port = { call: call() };
    expect(await answerCall(port, sender, args)).toMatchObject({ reply: { ok: false, error: { code } } });
    expect(port.call).not.toHaveBeenCalled();
  });

  it('takes input of exactly the limit', async () => {
    const port = { call: call() };
    await answerCall(port, 'window:7', ['x', `"${'x'.repeat(MAX_INPUT - 2)}"`, null]);
    expect(port.call).toHaveBeenCalledOnce();
  });
});

describe('answerDropped', () => {
  const port = () => ({
    droppedPath: vi.fn(
      async () => ({ ok: true, value: { handle: 'file_1', name: 'a', kind: 'file' } }) as const,
    ),
  });

  it('hands the path on', async () => {
    const it1 = port();
    expect(await answerDropped(it1, 'window:7', ['/a/b.jsonl'])).toMatchObject({ ok: true });
    expect(it1.droppedPath).toHaveBeenCalledExactlyOnceWith('/a/b.jsonl', 'window:7');
  });

  it.each<[string, string | null, readonly unknown[]]>([
    ['no sender', null, ['/a']],
    ['no path', 'window:7', []],
    ['the empty path of a made-up file', 'window:7', ['']],
    ['an endless path', 'window:7', ['/'.repeat(4097)]],
    ['a NUL', 'window:7', ['/a\0.jsonl']],
    ['an object', 'window:7', [{ path: '/a' }]],
    ['two paths', 'window:7', ['/a', '/b']],
  ])('refuses %s', async (_name, sender, args) => {
    const it1 = port();
    expect(await answerDropped(it1, sender, args)).toMatchObject({ ok: false });
    expect(it1.droppedPath).not.toHaveBeenCalled();
  });
});

describe('registerIpc', () => {
  it('answers the two channels of the contract, and looks at the sender each time', async () => {
    const handlers = new Map<string, (event: Sender, ...args: unknown[]) => Promise<unknown>>();
    const ipcMain = {
      handle: (channel: string, listener: never) => void handlers.set(channel, listener),
    } as unknown as IpcMainApi;
    let current: number | null = WINDOW;
    const droppedPath = vi.fn(
      async () => ({ ok: true, value: { handle: 'file_1', name: 'a', kind: 'file' } }) as const,
    );
    registerIpc(ipcMain, { call: call(), droppedPath }, () => current);
    expect([...handlers.keys()]).toEqual([CHANNELS.call, CHANNELS.dropped]);
    const send = (channel: string, ...args: unknown[]) => handlers.get(channel)?.(genuine, ...args);
    expect(await send(CHANNELS.call, 'cases.list', '{}', null)).toMatchObject({ reply: { ok: true } });
    expect(await send(CHANNELS.dropped, '/a')).toMatchObject({ ok: true });
    current = null;
    expect(await send(CHANNELS.call, 'cases.list', '{}', null)).toMatchObject({
      reply: { error: { code: 'access.sender' } },
    });
    expect(await send(CHANNELS.dropped, '/a')).toMatchObject({ error: { code: 'access.sender' } });
  });
});
