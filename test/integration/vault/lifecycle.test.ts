// A workspace from its creation to its closing: what is written, what is refused, what stays untouched.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job } from '../../../shared/model/job.ts';
import { KDF_FLOOR } from '../../../electron/store/kdf.ts';
import { migrateDown, schemaOf } from '../../../electron/store/migrations.ts';
import {
  addRecoveryKey,
  createWorkspace,
  describeWorkspace,
} from '../../../electron/store/workspace-folder.ts';
import {
  asInsider,
  copyFolder,
  create,
  entryOf,
  fingerprint,
  keysOf,
  makeSample,
  open,
  PASSPHRASE,
  RESOURCES,
  scratch,
  surroundings,
} from './support.ts';

const code = (expected: string, params?: unknown): unknown =>
  expect.objectContaining(params === undefined ? { code: expected } : { code: expected, params });
const pieces = async function* (...parts: Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* parts;
};
const job = (id: string, state: Job['state'], createdAt = '2026-11-21T09:30:00.000Z'): Job => ({
  id: `job_${id.repeat(32)}` as Job['id'],
  kind: 'audit.import',
  state,
  caseId: null,
  title: 'a.jsonl',
  createdAt,
  startedAt: null,
  finishedAt: null,
  progress: null,
  result: null,
  failure: null,
});

describe('a workspace', () => {
  const temporary = scratch();
  const sample = join(temporary.path, 'sample.probity');
  let made = 0;
  const place = (): string => {
    made += 1;
    return join(temporary.path, `w${made}.probity`);
  };
  const copy = (): string => copyFolder(sample, place());

  beforeAll(() => makeSample(sample));
  afterAll(temporary.remove);

  it('is a folder with narrow rights, and nothing is left beside it', async () => {
    const folder = place();
    const vault = await create(folder);
    expect(vault).toMatchObject({ name: `w${made}`, readOnly: false });
    await vault.close();
    expect(readdirSync(folder).toSorted()).toEqual([
      'backups',
      'blobs',
      'journal-head.json',
      'keyslots.json',
      'vault.db',
    ]);
    expect(readdirSync(temporary.path).filter((name) => name.startsWith('.'))).toEqual([]);
    if (process.platform === 'win32') return;
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of ['journal-head.json', 'keyslots.json', 'vault.db'])
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    for (const name of ['backups', 'blobs']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o700);
  });

  it('keeps records as they were put, newest first, by kind and case', async () => {
    const vault = await open(copy());
    expect(await vault.records.get('case', 'c2')).toMatchObject({
      id: 'c2',
      caseId: null,
      body: { name: 'two again' },
    });
    expect(await vault.records.get('case', 'c3')).toBeNull();
    expect((await vault.records.list('case')).map(({ id }) => id)).toEqual(['c2', 'c1']);
    const body = { text: 'ünï\u0000\ud83d\ude00', deep: [{ a: [null, true, 1.5, -0.1] }], ['__proto__x']: 1 };
    await vault.commit({
      puts: [
        { kind: 'import', id: 'i1', caseId: 'c1', body },
        { kind: 'import', id: 'i2', caseId: 'c2', body: 'text' },
      ],
      entry: entryOf('puts'),
    });
    expect((await vault.records.get('import', 'i1'))?.body).toEqual(body);
    expect((await vault.records.list('import', { caseId: 'c1' })).map(({ id }) => id)).toEqual(['i1']);
    expect((await vault.records.list('import', { limit: 1 })).map(({ id }) => id)).toEqual(['i2']);
    const before = await vault.records.get('import', 'i2');
    await vault.commit({
      puts: [{ kind: 'import', id: 'i2', caseId: 'c2', body: 'new' }],
      entry: entryOf('again'),
    });
    const after = await vault.records.get('import', 'i2');
    expect(after?.createdAt).toBe(before?.createdAt);
    expect((after?.updatedAt ?? '') > (before?.updatedAt ?? '')).toBe(true);
    await vault.close();
  });

  it('writes all of a change or nothing', async () => {
    const vault = await open(copy());
    const { head } = await vault.journal.status();
    const put = { kind: 'case', id: 'c9', caseId: null, body: {} } as const;
    await expect(
      vault.commit({ puts: [put], removes: [{ kind: 'case', id: 'absent' }], entry: entryOf('fails') }),
    ).rejects.toThrow(code('record.not_found', { kind: 'case' }));
    await expect(vault.commit({ puts: [put, put], entry: entryOf('twice') })).rejects.toThrow(
      'one record twice',
    );
    expect(await vault.records.get('case', 'c9')).toBeNull();
    expect((await vault.journal.status()).head).toBe(head);
    const { seq, chainHash } = await vault.commit({ puts: [put], entry: entryOf('works') });
    expect(await vault.journal.status()).toMatchObject({ entries: seq, head: chainHash });
    expect(seq).toBe(5);
    await vault.close();
  });

  it('takes changes in the order in which they were asked for', async () => {
    const vault = await open(copy());
    const made20 = await Promise.all(
      Array.from({ length: 20 }, (_each, at) => vault.commit({ entry: entryOf(`n${at}`) })),
    );
    expect(made20.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_each, at) => at + 5));
    expect((await vault.journal.verify()).intact).toBe(true);
    await vault.close();
  });

  it('shows its journal in pages, newest first, and finds entries by text and result', async () => {
    const vault = await open(copy());
    await vault.commit({
      entry: { ...entryOf('denied.thing', 'Case_XY'), result: 'denied', detail: { name: 'Größe 100%_' } },
    });
    const first = await vault.journal.page({ limit: 2 });
    expect(first).toMatchObject({
      total: 5,
      entries: [
        { seq: 5, result: 'denied', resource: 'Case_XY' },
        { seq: 4, action: 'fourth' },
      ],
    });
    const next = await vault.journal.page({ limit: 2, before: first.entries.at(-1)?.seq });
    expect(next.entries.map(({ seq }) => seq)).toEqual([3, 2]);
    for (const text of ['case_xy', 'GRÖSSE 100%_'.replace('SS', 'ß'), '100%_', 'denied.thing']) {
      expect(
        (await vault.journal.page({ limit: 10, text })).entries.map(({ seq }) => seq),
        text,
      ).toEqual([5]);
    }
    const eventId = first.entries[1]?.eventId ?? '';
    expect((await vault.journal.page({ limit: 10, text: eventId })).entries.map(({ seq }) => seq)).toEqual([
      4,
    ]);
    expect((await vault.journal.page({ limit: 10, text: 'c3' })).entries.map(({ seq }) => seq)).toEqual([
      4, 2,
    ]);
    expect(await vault.journal.page({ limit: 10, text: 'not there' })).toEqual({ total: 0, entries: [] });
    expect((await vault.journal.page({ limit: 10, result: 'success' })).total).toBe(4);
    await vault.close();
  });

  it('keeps blobs: whole, empty and in pieces; and forgets a removed one', async () => {
    const folder = copy();
    const vault = await open(folder);
    const parts = [randomBytes(700_000), randomBytes(1), randomBytes(900_000)];
    const whole = Buffer.concat(parts);
    const info = await vault.blobs.put(pieces(...parts));
    expect(info).toMatchObject({
      bytes: whole.length,
      sha256: createHash('sha256').update(whole).digest('hex'),
    });
    expect(Buffer.concat(await Array.fromAsync(vault.blobs.open(info.id)))).toEqual(whole);
    const empty = await vault.blobs.put(pieces());
    expect(empty.bytes).toBe(0);
    expect(await Array.fromAsync(vault.blobs.open(empty.id))).toEqual([]);
    const ticket = await vault.blobs.ticket(info.id);
    expect(ticket).toMatchObject({ path: join(folder, 'blobs', info.id), bytes: whole.length });
    expect(readdirSync(join(folder, 'blobs')).toSorted()).toEqual([info.id, empty.id].toSorted());
    await vault.blobs.remove(info.id);
    expect(readdirSync(join(folder, 'blobs'))).toEqual([empty.id]);
    await expect(vault.blobs.ticket(info.id)).rejects.toThrow(code('record.not_found'));
    await expect(vault.blobs.remove(info.id)).rejects.toThrow(code('record.not_found'));
    await expect(Array.fromAsync(vault.blobs.open('../../keyslots.json'))).rejects.toThrow(
      code('record.not_found'),
    );
    await vault.close();
  });

  it('leaves nothing of a blob whose source failed', async () => {
    const folder = copy();
    const vault = await open(folder);
    const failing = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      yield randomBytes(2_000_000);
      throw new Error('the source broke');
    };
    await expect(vault.blobs.put(failing())).rejects.toThrow('the source broke');
    expect(readdirSync(join(folder, 'blobs'))).toEqual([]);
    await vault.close();
  });

  it('notices a blob that was changed, swapped, or given the row of another', async () => {
    const folder = copy();
    const vault = await open(folder);
    const one = await vault.blobs.put(pieces(Buffer.from('one')));
    const two = await vault.blobs.put(pieces(Buffer.from('two')));
    const path = join(folder, 'blobs', one.id);
    const bytes = readFileSync(path);
    const changed = Buffer.from(bytes);
    changed[40] = (changed[40] ?? 0) ^ 1;
    const read = (id: string): Promise<Uint8Array[]> => Array.fromAsync(vault.blobs.open(id));
    writeFileSync(path, changed);
    await expect(read(one.id)).rejects.toThrow(code('record.altered'));
    writeFileSync(path, readFileSync(join(folder, 'blobs', two.id)));
    await expect(read(one.id)).rejects.toThrow(code('record.altered'));
    rmSync(path);
    await expect(read(one.id)).rejects.toThrow(code('record.altered'));
    writeFileSync(path, bytes);
    expect(await read(one.id)).toHaveLength(1);
    await vault.close();
    asInsider(folder, await keysOf(folder), (db) =>
      db.prepare('UPDATE blobs SET sha256 = ? WHERE id = ?').run(two.sha256, one.id),
    );
    const again = await open(folder);
    await expect(Array.fromAsync(again.blobs.open(one.id))).rejects.toThrow(code('record.altered'));
    await again.close();
  });

  it('keeps jobs, newest first, and calls those interrupted that nobody ended', async () => {
    const folder = copy();
    const vault = await open(folder);
    const jobs = [
      job('1', 'succeeded'),
      job('2', 'running'),
      job('3', 'queued', '2026-11-21T09:31:00.000Z'),
      job('4', 'cancelling'),
    ];
    for (const each of jobs) await vault.jobs.save({ ...each, state: 'queued' });
    for (const each of jobs) await vault.jobs.save(each);
    expect((await vault.jobs.list(10)).map(({ id, state }) => [id.at(-1), state])).toEqual([
      ['3', 'queued'],
      ['4', 'cancelling'],
      ['2', 'running'],
      ['1', 'succeeded'],
    ]);
    expect(await vault.jobs.list(2)).toHaveLength(2);
    await vault.close();
    const again = await open(folder);
    const listed = await again.jobs.list(10);
    expect(listed.map(({ id, state }) => [id.at(-1), state])).toEqual([
      ['3', 'interrupted'],
      ['4', 'interrupted'],
      ['2', 'interrupted'],
      ['1', 'succeeded'],
    ]);
    expect(listed.map(({ finishedAt }) => finishedAt === null)).toEqual([false, false, false, true]);
    await again.close();
  });

  it('seals secrets that the same workspace opens later', async () => {
    const folder = copy();
    const vault = await open(folder);
    const sealed = vault.secrets.seal(Buffer.from('private key'), 'identity');
    await vault.close();
    expect(() => vault.secrets.seal(Buffer.from('x'), 'y')).toThrow(code('workspace.none'));
    const again = await open(folder);
    expect(Buffer.from(again.secrets.open(sealed, 'identity')).toString()).toBe('private key');
    expect(() => again.secrets.open(sealed, 'other')).toThrow(code('record.altered'));
    await again.close();
  });

  it('answers nothing once it is closed, and can be closed twice', async () => {
    const vault = await open(copy());
    const pending = vault.commit({ entry: entryOf('asked before the closing') });
    const closing = vault.close();
    await expect(vault.records.list('case')).rejects.toThrow(code('workspace.none'));
    expect((await pending).seq).toBe(5);
    await closing;
    await vault.close();
    await expect(vault.commit({ entry: entryOf('late') })).rejects.toThrow(code('workspace.none'));
    await expect(vault.journal.status()).rejects.toThrow(code('workspace.none'));
  });

  it('is refused where something is, with a weak passphrase, and below the floor, and leaves nothing behind', async () => {
    const folder = place();
    mkdirSync(folder);
    const options = { ...surroundings, folder, passphrase: PASSPHRASE, kdf: KDF_FLOOR };
    await expect(createWorkspace(options)).rejects.toThrow(code('workspace.exists'));
    rmSync(folder, { recursive: true });
    await expect(createWorkspace({ ...options, passphrase: 'short' })).rejects.toThrow(
      code('workspace.weak_passphrase'),
    );
    await expect(createWorkspace({ ...options, kdf: { ...KDF_FLOOR, memoryKiB: 1024 } })).rejects.toThrow(
      code('workspace.kdf_floor'),
    );
    await expect(
      createWorkspace({ ...options, folder: join(folder, 'no', 'such', 'w.probity') }),
    ).rejects.toThrow(code('file.not_found'));
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(temporary.path).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('does not open, and does not change, for a wrong passphrase', async () => {
    const folder = copy();
    const before = fingerprint(folder);
    await expect(open(folder, { passphrase: 'blue Horse 7 staplez' })).rejects.toThrow(
      code('workspace.wrong_passphrase'),
    );
    expect(fingerprint(folder)).toEqual(before);
    await (await open(folder)).close();
  });

  it('opens after its folder was moved and renamed', async () => {
    const folder = copy();
    const moved = place();
    renameSync(folder, moved);
    const vault = await open(moved);
    expect(vault.name).toBe(`w${made}`);
    expect((await vault.journal.verify()).intact).toBe(true);
    await vault.close();
  });

  it('opens with its recovery key when the passphrase is lost', async () => {
    const folder = copy();
    const recoveryKey = await addRecoveryKey({ ...surroundings, folder, passphrase: PASSPHRASE });
    await expect(addRecoveryKey({ ...surroundings, folder, passphrase: 'a wrong one' })).rejects.toThrow(
      code('workspace.wrong_passphrase'),
    );
    const vault = await open(folder, { passphrase: recoveryKey });
    expect(await vault.records.list('case')).toHaveLength(2);
    await vault.close();
  });

  it('is described without a key', () => {
    const folder = copy();
    expect(describeWorkspace(folder)).toMatchObject({
      exists: true,
      name: `w${made}`,
      version: 1,
      problem: null,
    });
    expect(describeWorkspace(join(folder, 'absent.probity'))).toMatchObject({
      exists: false,
      name: 'absent',
      problem: null,
    });
    expect(describeWorkspace(join(folder, 'vault.db'))).toMatchObject({ exists: false });
    writeFileSync(join(folder, 'keyslots.json'), '{"format":"probity-keyslots","version":7}');
    expect(describeWorkspace(folder)).toMatchObject({ exists: true, problem: 'newer' });
    writeFileSync(join(folder, 'keyslots.json'), '{');
    expect(describeWorkspace(folder)).toMatchObject({ exists: true, problem: 'damaged' });
  });

  it.each(['keyslots.json', 'vault.db', 'blobs'])(
    'is refused as damaged, naming %s, when that is missing or a link',
    async (part) => {
      const folder = copy();
      const elsewhere = join(temporary.path, `elsewhere-${part}`);
      cpSync(join(folder, part), elsewhere, { recursive: true });
      rmSync(join(folder, part), { recursive: true });
      await expect(open(folder)).rejects.toThrow(code('workspace.damaged', { part }));
      symlinkSync(elsewhere, join(folder, part));
      await expect(open(folder)).rejects.toThrow(code('workspace.damaged', { part }));
    },
  );

  it('is not found where there is none', async () => {
    await expect(open(place())).rejects.toThrow(code('workspace.not_found'));
    const empty = place();
    mkdirSync(empty);
    await expect(open(empty)).rejects.toThrow(code('workspace.not_found'));
  });

  it('can be read without writing a byte, even after a crash, and takes no change then', async () => {
    const folder = copy();
    const before = fingerprint(folder);
    const vault = await open(folder, { readOnly: true });
    expect(vault.readOnly).toBe(true);
    expect(await vault.records.list('case')).toHaveLength(2);
    expect((await vault.journal.verify()).intact).toBe(true);
    await expect(vault.commit({ entry: entryOf('x') })).rejects.toThrow(code('workspace.read_only'));
    await expect(vault.jobs.save(job('1', 'queued'))).rejects.toThrow(code('workspace.read_only'));
    await expect(vault.blobs.put(pieces())).rejects.toThrow(code('workspace.read_only'));
    await expect(vault.blobs.remove('a'.repeat(32))).rejects.toThrow(code('workspace.read_only'));
    expect(fingerprint(folder)).toEqual(before);
    await vault.close();
    expect(fingerprint(folder)).toEqual(before);
  });

  it('is open in one process only', async () => {
    const folder = copy();
    const vault = await open(folder);
    await expect(open(folder)).rejects.toThrow(code('workspace.in_use', { pid: process.pid }));
    await vault.commit({ entry: entryOf('still works') });
    await vault.close();
    const child = spawn(process.execPath, [join(import.meta.dirname, 'vault-user.ts'), folder, 'hold'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await expect(open(folder)).rejects.toThrow(code('workspace.in_use', { pid: child.pid }));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    await (await open(folder)).close();
  });

  it('has every change that it confirmed after the process was killed', async () => {
    const folder = copy();
    const child = spawn(process.execPath, [join(import.meta.dirname, 'vault-user.ts'), folder, 'write'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (data: Buffer) => {
        output += data.toString();
        if (output.split('\n').length > 60) resolve();
      });
    });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    const confirmed = output.split('\n').slice(0, -1).map(Number);
    expect(readdirSync(folder)).toContain('vault.db-wal');
    const before = fingerprint(folder);
    const looking = await open(folder, { readOnly: true });
    expect((await looking.journal.status()).entries).toBeGreaterThanOrEqual(Math.max(...confirmed));
    await looking.close();
    expect(fingerprint(folder)).toEqual(before);
    const vault = await open(folder);
    const status = await vault.journal.verify();
    expect(status).toMatchObject({ intact: true, problems: [] });
    for (const seq of confirmed)
      expect(await vault.records.get('case', `k${seq}`)).toMatchObject({ body: { seq } });
    await vault.close();
    expect(readdirSync(folder).toSorted()).toEqual([
      'backups',
      'blobs',
      'journal-head.json',
      'keyslots.json',
      'vault.db',
    ]);
  });

  describe('of another schema', () => {
    const resources = join(temporary.path, 'resources');
    beforeAll(() => {
      cpSync(join(RESOURCES, 'migrations'), join(resources, 'migrations'), { recursive: true });
      writeFileSync(
        join(resources, 'migrations', '0020-notes.up.sql'),
        'CREATE TABLE notes (text TEXT) STRICT;',
      );
      writeFileSync(join(resources, 'migrations', '0020-notes.down.sql'), 'DROP TABLE notes;');
    });

    it('is migrated after a backup; the older program refuses it untouched; the way back leads there', async () => {
      const folder = copy();
      const keys = await keysOf(folder);
      const original = fingerprint(folder)['vault.db'];
      const newer = await open(folder, { resourcesDir: resources });
      expect((await newer.journal.verify()).intact).toBe(true);
      await newer.close();
      const backups = readdirSync(join(folder, 'backups'));
      expect(backups).toEqual([expect.stringMatching(/^vault-0010-\d{8}T\d{6}Z\.db$/u)]);
      expect(fingerprint(folder)[`backups/${backups[0] ?? ''}`]).toBe(original);
      const before = fingerprint(folder);
      await expect(open(folder)).rejects.toThrow(code('workspace.newer', { found: 20, known: 10 }));
      expect(fingerprint(folder)).toEqual(before);
      await expect(open(folder, { readOnly: true })).rejects.toThrow(code('workspace.newer'));
      asInsider(folder, keys, (db) => {
        expect(schemaOf(db)).toBe(20);
        migrateDown(db, 10);
      });
      const older = await open(folder);
      expect((await older.journal.verify()).intact).toBe(true);
      await older.close();
    });

    it('is not migrated for reading only', async () => {
      const folder = copy();
      const before = fingerprint(folder);
      await expect(open(folder, { resourcesDir: resources, readOnly: true })).rejects.toThrow(
        code('workspace.read_only'),
      );
      expect(fingerprint(folder)).toEqual(before);
    });
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'says when its folder can not be written',
    async () => {
      const folder = copy();
      chmodSync(folder, 0o500);
      await expect(open(folder)).rejects.toThrow(code('workspace.read_only'));
      chmodSync(folder, 0o700);
    },
  );
});
