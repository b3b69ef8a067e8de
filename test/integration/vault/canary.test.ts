// Nothing readable on the disk: unmistakable strings go in everywhere and are found nowhere, at work and at rest.
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Job } from '../../../shared/model/job.ts';
import { create, open, PASSPHRASE, RESOURCES, scratch } from './support.ts';

const CANARY = 'CANARY-tweety-7c1e';
const ENCODINGS = [
  Buffer.from(CANARY, 'utf8'),
  Buffer.from(CANARY, 'utf16le'),
  Buffer.from(Buffer.from(CANARY).toString('hex')),
  ...[0, 1, 2].map((shift) =>
    Buffer.from(
      Buffer.from('x'.repeat(shift) + CANARY)
        .toString('base64')
        .slice(4, -4),
    ),
  ),
  Buffer.from(PASSPHRASE),
];

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );

const finds = (folder: string): string[] =>
  filesOf(folder).filter((name) => {
    const bytes = readFileSync(join(folder, name));
    return ENCODINGS.some((encoding) => bytes.includes(encoding));
  });

describe('the workspace folder', () => {
  const temporary = scratch();
  const folder = join(temporary.path, 'canary.probity');
  afterAll(temporary.remove);

  it('shows none of its content, in the database, its logs, blobs, key slots, head or backups', async () => {
    const vault = await create(folder);
    const content = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      for (let part = 0; part < 40; part += 1) yield Buffer.from(`${CANARY} `.repeat(3000));
    };
    const blob = await vault.blobs.put(content());
    const sealed = vault.secrets.seal(Buffer.from(CANARY), CANARY);
    for (let turn = 0; turn < 5; turn += 1) {
      await vault.commit({
        puts: [
          {
            kind: 'case',
            id: `case-${turn}`,
            caseId: CANARY,
            body: { name: CANARY, sealed, blob: blob.id, text: CANARY.repeat(500) },
          },
        ],
        removes: turn === 0 ? [] : [{ kind: 'case', id: `case-${turn - 1}` }],
        entry: {
          eventType: CANARY,
          principal: CANARY,
          resource: CANARY,
          action: CANARY,
          result: 'success',
          detail: { [CANARY]: CANARY },
        },
      });
    }
    const id = `job_${'1'.repeat(32)}` as Job['id'];
    await vault.jobs.save({
      id,
      kind: 'audit.import',
      state: 'running',
      caseId: null,
      title: CANARY,
      createdAt: '2026-11-21T09:30:00.000Z',
      startedAt: null,
      finishedAt: null,
      progress: null,
      result: null,
      failure: null,
    });
    expect((await vault.journal.page({ limit: 10, text: CANARY })).total).toBe(5);
    expect(filesOf(folder)).toEqual(
      expect.arrayContaining(['vault.db', 'vault.db-wal', 'vault.db-shm', `blobs/${blob.id}`]),
    );
    expect(statSync(join(folder, 'vault.db-wal')).size).toBeGreaterThan(10_000);
    expect(finds(folder)).toEqual([]);
    await vault.close();
    expect(finds(folder)).toEqual([]);

    const resources = join(temporary.path, 'resources');
    cpSync(join(RESOURCES, 'migrations'), join(resources, 'migrations'), { recursive: true });
    writeFileSync(
      join(resources, 'migrations', '0020-x.up.sql'),
      'CREATE TABLE x (y) STRICT;'.replace('(y)', '(y TEXT)'),
    );
    writeFileSync(join(resources, 'migrations', '0020-x.down.sql'), 'DROP TABLE x;');
    await (await open(folder, { resourcesDir: resources })).close();
    expect(filesOf(folder).some((name) => name.startsWith('backups/vault-0010-'))).toBe(true);
    expect(finds(folder)).toEqual([]);
    expect(
      filesOf(folder).map((name) => readFileSync(join(folder, name)).subarray(0, 15).toString('latin1')),
    ).not.toContain('SQLite format 3');
  });

  it('would be caught by this search if it did', () => {
    for (const text of [
      CANARY,
      Buffer.from(CANARY).toString('hex'),
      Buffer.from(`ab${CANARY}cd`).toString('base64'),
      Buffer.from(`${CANARY}d`).toString('base64'),
    ]) {
      const path = join(folder, 'blobs', 'leak');
      writeFileSync(path, `before ${text} after`);
      expect(finds(folder)).toEqual(['blobs/leak']);
      writeFileSync(path, '');
    }
  });
});
