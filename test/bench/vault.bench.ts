// Commits, reads, the journal's check, blobs and the key derivation of a vault, beside plain SQLite and a plain file copy.
// Run: ELECTRON_RUN_AS_NODE=1 <electron> test/bench/vault.bench.ts [commits] [MiB of blob] [entries to check]
import { randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argon2Kdf, DEFAULT_KDF, KDF_FLOOR } from '../../electron/store/kdf.ts';
import { Database } from '../../electron/store/sqlite.ts';
import type { Vault } from '../../electron/store/vault.ts';
import { createWorkspace, openWorkspace } from '../../electron/store/workspace-folder.ts';
import { insertEntries } from '../integration/vault/insider-tools.ts';
import { asInsider, entryOf, keysOf, PASSPHRASE, surroundings } from '../integration/vault/support.ts';

const [commits = 1000, blobMiB = 256, entries = 100_000] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'vault-bench-'));
const workspace = join(folder, 'bench.probity');

const timed = async (work: () => Promise<void> | void): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};
const say = (name: string, seconds: number, amount: number, unit: string): void =>
  console.log(
    `${name.padEnd(46)} ${seconds.toFixed(3).padStart(8)} s ${Math.round(amount / seconds)
      .toLocaleString('en')
      .padStart(10)} ${unit}`,
  );

const body = { name: 'x'.repeat(200), list: Array.from({ length: 20 }, (_each, at) => at) };

const commitOne = (vault: Vault, at: number): Promise<unknown> =>
  vault.commit({ puts: [{ kind: 'case', id: `c${at}`, caseId: null, body }], entry: entryOf('bench') });

/** The least that a durable commit can cost here: one row, one transaction, one flush, no encryption, no journal. */
const plainCommits = (): void => {
  const db = new Database(join(folder, 'plain.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE records (id TEXT PRIMARY KEY, body TEXT)');
  const insert = db.prepare<[string, string]>('INSERT INTO records VALUES (?, ?)');
  for (let at = 0; at < commits; at += 1) insert.run(`c${at}`, JSON.stringify(body));
  db.close();
};

const copyFile = async (from: string, to: string): Promise<void> => {
  const file = await open(to, 'wx');
  for await (const chunk of createReadStream(from, { highWaterMark: 1024 * 1024 }))
    await file.write(chunk as Buffer);
  await file.sync();
  await file.close();
};

try {
  for (const parameters of [KDF_FLOOR, DEFAULT_KDF]) {
    const input = { passphrase: Buffer.from(PASSPHRASE), salt: randomBytes(16), ...parameters };
    const seconds = await timed(async () => void (await argon2Kdf(input)));
    console.log(
      `Argon2id ${parameters.memoryKiB / 1024} MiB, ${parameters.iterations} passes`.padEnd(46),
      seconds.toFixed(3).padStart(8),
      's',
    );
  }
  let vault = await createWorkspace({
    ...surroundings,
    folder: workspace,
    passphrase: PASSPHRASE,
    kdf: KDF_FLOOR,
  });

  say('plain SQLite, one row per commit (baseline)', await timed(plainCommits), commits, 'commits/s');
  const oneByOne = await timed(async () => {
    for (let at = 0; at < commits; at += 1) await commitOne(vault, at);
  });
  say('vault, one record per commit', oneByOne, commits, 'commits/s');
  const get = await timed(async () => {
    for (let at = 0; at < commits; at += 1) await vault.records.get('case', `c${at}`);
  });
  say('vault, get with its digest checked', get, commits, 'records/s');
  say(
    'vault, list with all digests checked',
    await timed(async () => void (await vault.records.list('case'))),
    commits,
    'records/s',
  );
  const change = {
    puts: Array.from({ length: 10_000 }, (_each, at) => ({
      kind: 'import' as const,
      id: `i${at}`,
      caseId: null,
      body,
    })),
    entry: entryOf('bulk'),
  };
  say(
    'vault, 10,000 records in one commit',
    await timed(async () => void (await vault.commit(change))),
    10_000,
    'records/s',
  );

  const source = join(folder, 'source.bin');
  writeFileSync(source, randomBytes(blobMiB * 1024 * 1024));
  say(
    'plain file copy, flushed (baseline)',
    await timed(() => copyFile(source, join(folder, 'copy.bin'))),
    blobMiB,
    'MiB/s',
  );
  let id = '';
  say(
    'blob put',
    await timed(
      async () =>
        void ({ id } = await vault.blobs.put(createReadStream(source, { highWaterMark: 1024 * 1024 }))),
    ),
    blobMiB,
    'MiB/s',
  );
  const read = async (): Promise<void> => {
    let bytes = 0;
    for await (const piece of vault.blobs.open(id)) bytes += piece.length;
    if (bytes !== blobMiB * 1024 * 1024) throw new Error('the blob came back short');
  };
  say('blob read', await timed(read), blobMiB, 'MiB/s');
  const small = 500;
  const puts = await timed(async () => {
    for (let at = 0; at < small; at += 1)
      await vault.blobs.put([Buffer.from('small')] as unknown as AsyncIterable<Uint8Array>);
  });
  say('blobs of five bytes', puts, small, 'blobs/s');
  await vault.close();

  const keys = await keysOf(workspace);
  asInsider(workspace, keys, (db) => insertEntries(db, keys.seal, entries));
  const opening = await timed(async () => {
    vault = await openWorkspace({ ...surroundings, folder: workspace, passphrase: PASSPHRASE });
  });
  console.log(
    `open with ${entries} more entries (64 MiB KDF)`.padEnd(46),
    opening.toFixed(3).padStart(8),
    's',
  );
  say(
    'check of the whole journal and all records',
    await timed(async () => void (await vault.journal.verify())),
    entries + commits + 10_000,
    'rows/s',
  );
  let waits = 0;
  await timed(async () => {
    const done = vault.journal.verify();
    const ask = async (): Promise<void> => {
      const wait = await timed(async () => void (await vault.records.get('case', 'c1')));
      waits = Math.max(waits, wait);
    };
    const ended = done.then(() => true);
    while (!(await Promise.race([ended, ask().then(() => false)])));
  });
  console.log('longest wait of a read during such a check'.padEnd(46), waits.toFixed(3).padStart(8), 's');
  let lines = 0;
  const exported = await timed(async () => {
    for await (const line of vault.journal.exportLines()) lines += line.length > 0 ? 1 : 0;
  });
  say('export of the journal', exported, lines, 'lines/s');
  await vault.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
