// The door: sessions, denials, the journal that remembers them, and workspaces that are wrong, locked, or altered.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CONTRACT, type OperationName } from '../../../shared/contract/index.ts';
import { openTestBench, PASSPHRASE, type TestBench, withNewWorkspace } from '../../support/workbench.ts';

let bench: TestBench;

beforeEach(async () => {
  bench = await openTestBench();
  await withNewWorkspace(bench);
});

afterEach(async () => {
  expect(bench.bugs).toEqual([]);
  await bench.close();
});

const locked = async () => bench.call('workspace.lock', {});

/** The issue's own 30 lines: plain Node, sorted stringify, nothing of Probity's. Journal entries hold no floats. */
const independentHead = (jsonl: string): string | null => {
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(text).join(', ')}]`;
    if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
      return `{${members.map(([key, inner]) => `${text(key)}: ${text(inner)}`).join(', ')}}`;
    }
    return JSON.stringify(value).replaceAll(
      /[\u007f-\uffff]/gu,
      (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  };
  const sha = (of: string): string => createHash('sha256').update(of).digest('hex');
  let head: string | null = null;
  for (const line of jsonl.trimEnd().split('\n')) {
    const { event_hash, chain_hash, previous_hash, ...event } = JSON.parse(line);
    const own = sha(text(event));
    if (
      own !== event_hash ||
      previous_hash !== head ||
      chain_hash !== (head === null ? own : sha(head + own))
    )
      return null;
    head = chain_hash;
  }
  return head;
};

describe('without a session', () => {
  test('every operation that needs one is refused, and the closed list is closed', async () => {
    const names = (Object.keys(CONTRACT) as OperationName[]).filter(
      (name) => CONTRACT[name].session === 'required',
    );
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) {
      expect(await bench.reply(name, {} as never, null), name).toMatchObject({
        ok: false,
        error: { code: 'access.no_session' },
      });
      expect(await bench.reply(name, {} as never, 'f'.repeat(64)), name).toMatchObject({
        ok: false,
        error: { code: 'access.no_session' },
      });
    }
    for (const name of ['toString', '__proto__', 'constructor', 'workspace', 'audit.nothing']) {
      expect(await bench.reply(name as never, {} as never)).toMatchObject({
        ok: false,
        error: { code: 'contract.unknown_operation' },
      });
    }
  });

  test('a session of one sender is worth nothing to another', async () => {
    const answer = await bench.workbench.call({
      operation: 'cases.list',
      input: {},
      session: bench.session(),
      sender: 'somebody else',
    });
    expect(answer.reply).toMatchObject({ ok: false, error: { code: 'access.no_session' } });
  });

  test('a lock ends the session, and the passphrase opens again', async () => {
    const old = bench.session();
    await locked();
    expect(await bench.reply('cases.list', {}, old)).toMatchObject({
      ok: false,
      error: { code: 'access.no_session' },
    });
    await bench.call('workspace.unlock', { passphrase: PASSPHRASE });
    expect(bench.session()).not.toBe(old);
    expect(await bench.call('cases.list', {})).toEqual([]);
    expect(await bench.reply('cases.list', {}, old)).toMatchObject({ ok: false });
  });
});

describe('input', () => {
  test('is strict: unknown fields, wrong types and oversized requests are refused and named', async () => {
    const draft = { name: 'x', reference: '', purpose: '', notes: '' };
    expect(await bench.reply('cases.create', { ...draft, admin: true } as never)).toMatchObject({
      ok: false,
      error: { code: 'contract.invalid_input', params: { path: 'admin' } },
    });
    expect(await bench.reply('cases.create', { ...draft, name: '  ' })).toMatchObject({
      ok: false,
      error: { params: { path: 'name' } },
    });
    expect(await bench.reply('cases.create', { ...draft, notes: 'x'.repeat(1_100_000) })).toMatchObject({
      ok: false,
      error: { code: 'contract.too_large' },
    });
    expect(await bench.call('cases.list', {})).toEqual([]);
  });

  test('a flood is braked without harm', async () => {
    const replies = await Promise.all(Array.from({ length: 600 }, () => bench.reply('workspace.status', {})));
    const refused = replies.filter((reply) => !reply.ok);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((reply) => !reply.ok && reply.error.code === 'contract.rate')).toBe(true);
  });
});

describe('a wrong passphrase', () => {
  test('is refused as such and counted in the journal of the next opening', async () => {
    await locked();
    for (const passphrase of ['Wrong-Horse-Battery-7', 'x']) {
      expect(await bench.reply('workspace.unlock', { passphrase })).toMatchObject({
        ok: false,
        error: { code: 'workspace.wrong_passphrase' },
      });
    }
    await bench.call('workspace.unlock', { passphrase: PASSPHRASE });
    const { entries } = await bench.call('journal.page', { limit: 3 });
    expect(entries.find((entry) => entry.action === 'workspace.unlock')?.detail).toMatch(
      /failedUnlocksBefore\D+2/u,
    );
  });
});

describe('the journal', () => {
  test('holds allowed, failed and denied operations, and its export is INTACT by two verifiers with the exported head', async () => {
    await bench.call('cases.create', { name: 'Grüße', reference: '', purpose: '', notes: '' });
    await bench.reply('cases.get', { id: `case_${'0'.repeat(32)}` as never });
    await bench.reply('cases.list', {}, null);
    const path = join(bench.folder, 'journal.jsonl');
    const exported = await bench.call('journal.export', { to: bench.workbench.handles.issue(path) });
    const text = await readFile(path, 'utf8');
    const results = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).result);
    expect(new Set(results)).toEqual(new Set(['success', 'failure', 'denied']));
    expect(text).not.toContain('Grüße');
    expect(independentHead(text)).toBe(exported.head);
    expect(independentHead(text.replace('"denied"', '"success"'))).toBeNull();

    const subject = await bench.call('cases.create', {
      name: 'Own journal',
      reference: '',
      purpose: '',
      notes: '',
    });
    const { jobId } = await bench.call('audit.import', {
      caseId: subject.id,
      file: bench.workbench.handles.issue(path),
    });
    const importId = (await bench.result(jobId)) as never;
    const verify = await bench.call('audit.verify', { importId, trustedHead: exported.head });
    const { report } = await bench.call('audit.report', { id: (await bench.result(verify.jobId)) as never });
    expect(report).toMatchObject({ verdict: 'INTACT', anchored: true, records: exported.entries });
  });

  test('says intact after an ordinary day', async () => {
    expect(await bench.call('journal.verify', {})).toMatchObject({ intact: true, problems: [] });
  });
});
