// Real workspaces in temporary folders, and the insider: someone who has the database's key and edits it behind Probity's back.
import { createHash } from 'node:crypto';
import { cpSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DATABASE_FILE, openConnection } from '../../../electron/store/connection.ts';
import { deriveKeys } from '../../../electron/store/derived-keys.ts';
import type { VaultKeys } from '../../../electron/store/derived-keys.ts';
import { argon2Kdf, KDF_FLOOR } from '../../../electron/store/kdf.ts';
import { parseKeyslots } from '../../../electron/store/keyslot-file.ts';
import { deriveSlotKeys, openKeyslots } from '../../../electron/store/keyslots.ts';
import type { Db } from '../../../electron/store/sqlite.ts';
import type { Change, Vault } from '../../../electron/store/vault.ts';
import { createWorkspace, openWorkspace } from '../../../electron/store/workspace-folder.ts';
import type { OpenOptions } from '../../../electron/store/workspace-folder.ts';

export const PASSPHRASE = 'blue Horse 7 staples';
export const RESOURCES = resolve(import.meta.dirname, '../../../resources');

/** A clock that moves on by one second at every look, so that times differ and are the same in every run. */
export const steppingClock = (): (() => string) => {
  let now = Temporal.Instant.from('2026-11-21T09:30:00Z');
  return () => {
    now = now.add({ seconds: 1 });
    return now.toString({ fractionalSecondDigits: 3 });
  };
};

export const surroundings = {
  now: steppingClock(),
  resourcesDir: RESOURCES,
  appVersion: '0.1.0',
  workerUrl: pathToFileURL(resolve(import.meta.dirname, '../../../electron/store-host.ts')),
} as const;

/** A temporary folder and its removal. */
export const scratch = (): { path: string; remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'probity-vault-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

export const create = (folder: string): Promise<Vault> =>
  createWorkspace({ ...surroundings, folder, passphrase: PASSPHRASE, kdf: KDF_FLOOR });

export const open = (folder: string, options: Partial<OpenOptions> = {}): Promise<Vault> =>
  openWorkspace({ ...surroundings, folder, passphrase: PASSPHRASE, ...options });

export const entryOf = (action: string, resource: string | null = null): Change['entry'] => ({
  eventType: 'test',
  principal: 'owner',
  resource,
  action,
  result: 'success',
  detail: { step: action },
});

/** A workspace with cases c1..c3 (c2 changed once, c3 removed), four entries, closed again. */
export const makeSample = async (folder: string): Promise<void> => {
  const vault = await create(folder);
  await vault.commit({
    puts: [{ kind: 'case', id: 'c1', caseId: null, body: { name: 'one' } }],
    entry: entryOf('first'),
  });
  const two = { kind: 'case', id: 'c2', caseId: null } as const;
  await vault.commit({
    puts: [
      { ...two, body: { name: 'two' } },
      { kind: 'case', id: 'c3', caseId: 'c1', body: [] },
    ],
    entry: entryOf('second'),
  });
  await vault.commit({ puts: [{ ...two, body: { name: 'two again' } }], entry: entryOf('third') });
  await vault.commit({ removes: [{ kind: 'case', id: 'c3' }], entry: entryOf('fourth') });
  await vault.close();
};

export const copyFolder = (from: string, to: string): string => {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
  return to;
};

/** The keys of a workspace, as someone with the passphrase can derive them. */
export const keysOf = async (folder: string, passphrase = PASSPHRASE): Promise<VaultKeys> => {
  const file = parseKeyslots(readFileSync(join(folder, 'keyslots.json'), 'utf8'));
  return deriveKeys(openKeyslots(file, await deriveSlotKeys(file, passphrase, argon2Kdf)), file.workspace);
};

/** Edits the database with its key and leaves it as a closed vault is. */
export const asInsider = <T>(folder: string, keys: VaultKeys, edit: (db: Db) => T): T => {
  const db = openConnection({ path: join(folder, DATABASE_FILE), key: keys, addon: null, readonly: false });
  try {
    return edit(db);
  } finally {
    db.close();
  }
};

/** Relative path → SHA-256 of every file, `folder/` for folders. */
export const fingerprint = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .toSorted()
      .map((name) => {
        const path = join(folder, name);
        return lstatSync(path).isDirectory()
          ? [`${name}/`, '']
          : [name, createHash('sha256').update(readFileSync(path)).digest('hex')];
      }),
  );
