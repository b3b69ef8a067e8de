// Creates, opens and describes a workspace: a folder `<name>.probity` with an encrypted database and encrypted files.
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import type { Clock } from '../ports/clock.ts';
import { zero } from './derived-keys.ts';
import { DEFAULT_KDF } from './kdf.ts';
import type { KdfParameters } from './kdf.ts';
import { checkKdf, parseKeyslots } from './keyslot-file.ts';
import { loadMigrations } from './migrations.ts';
import { checkPassphrase } from './passphrase-policy.ts';
import { storeError } from './store-errors.ts';
import type { Opened, OpenRequest, ReaderApi, StoreHostData, WriterApi } from './store-protocol.ts';
import { connectStore } from './store-port.ts';
import type { StorePort } from './store-port.ts';
import { makeVault } from './vault-client.ts';
import { checkFolder, flushFolder, readKeyslotText, workspaceName } from './vault-files.ts';
import type { Vault } from './vault.ts';
import { lockWorkspace } from './workspace-lock.ts';

/** What every opening needs of its surroundings. */
export interface WorkspaceSurroundings {
  readonly now: Clock['now'];
  /** Holds `migrations/`. */
  readonly resourcesDir: string;
  readonly appVersion: string;
  /** The `store-host` module: built in the app, its source in tests. */
  readonly workerUrl: URL;
  /** Path of SQLite's native addon; by default PROBITY_SQLITE_ADDON, else node_modules decides. */
  readonly addon?: string;
}

export interface CreateOptions extends WorkspaceSurroundings {
  /** The folder to make, `<name>.probity` included. */
  readonly folder: string;
  readonly passphrase: string;
  /** Between KDF_FLOOR and KDF_CEILING. */
  readonly kdf?: KdfParameters;
}

export interface OpenOptions extends WorkspaceSurroundings {
  readonly folder: string;
  /** A passphrase, or a recovery key. */
  readonly passphrase: string;
  /** Opens without writing anything into the folder, not even the lock. Default false. */
  readonly readOnly?: boolean;
}

/** What can be known of a folder without its key. `problem` is an error code's last part. */
export interface WorkspaceDescription {
  readonly exists: boolean;
  readonly name: string;
  /** Of keyslots.json; null when it can't be read. */
  readonly version: number | null;
  readonly createdAt: string | null;
  readonly problem: 'damaged' | 'newer' | 'kdf_floor' | null;
}

interface Threads {
  readonly writer: StorePort<WriterApi>;
  readonly reader: StorePort<ReaderApi>;
  end(): Promise<void>;
}

const startThreads = (options: WorkspaceSurroundings): Threads => {
  const entry = options.workerUrl;
  const addon = options.addon ?? process.env['PROBITY_SQLITE_ADDON'] ?? null;
  const start = (role: StoreHostData['role']): Worker =>
    new Worker(entry, {
      name: `probity-${role}`,
      execArgv: [],
      workerData: { role, entry: entry.href, addon } satisfies StoreHostData,
    });
  const writer = connectStore<WriterApi>(start('writer'));
  const reader = connectStore<ReaderApi>(start('reader'));
  return {
    writer,
    reader,
    end: async () => {
      await Promise.all([reader.terminate(), writer.terminate()]);
    },
  };
};

const requestOf = async (
  folder: string,
  options: WorkspaceSurroundings,
  readOnly: boolean,
): Promise<OpenRequest> => ({
  folder,
  readOnly,
  migrations: await loadMigrations(options.resourcesDir),
  agent: `Probity ${options.appVersion}`,
  at: options.now(),
});

/** Locks the folder, lets `unlock` open it in the writer, and builds the vault on top; undoes all of it on failure. */
const enter = async (
  request: OpenRequest,
  options: WorkspaceSurroundings,
  threads: Threads,
  unlock: () => Promise<Opened>,
): Promise<Vault> => {
  const { folder, readOnly } = request;
  let release = threads.end;
  try {
    const lock = readOnly ? null : lockWorkspace(folder);
    release = async () => {
      await threads.end();
      lock?.release();
    };
    const opened = await unlock();
    const { reader } = opened;
    await threads.reader.call('open', reader);
    zero(reader.databaseKey, reader.databaseSalt, reader.sealKey);
    const vault = makeVault({
      name: workspaceName(folder),
      folder,
      readOnly,
      opened,
      ...threads,
      now: options.now,
      release,
    });
    // The check at opening. Its result is in `journal.status()`; a vault closed meanwhile ends it.
    void vault.journal.verify().catch(() => {});
    return vault;
  } catch (error) {
    // What the writer holds open is brought to rest where that is still possible.
    await threads.writer.call('close').catch(() => {});
    await release();
    throw storeError(error);
  }
};

const refuseExisting = async (folder: string): Promise<void> => {
  const found = await lstat(folder).catch(() => null);
  if (found !== null) throw new AppError('workspace.exists', { name: basename(folder) });
};

/**
 * Makes a workspace and opens it. It is built under another name beside its place and renamed when it is whole and on
 * the disk, so a half-made one is never found there.
 * @throws AppError('workspace.exists' | 'workspace.weak_passphrase' | 'workspace.kdf_floor' | 'workspace.read_only' |
 * 'file.cannot_write' | 'file.not_found' | 'file.no_permission')
 */
export const createWorkspace = async (options: CreateOptions): Promise<Vault> => {
  const folder = resolve(options.folder);
  const { passphrase, kdf = DEFAULT_KDF } = options;
  checkPassphrase(passphrase);
  checkKdf(kdf);
  await refuseExisting(folder);
  const request = await requestOf(folder, options, false);
  const building = join(dirname(folder), `.${basename(folder)}.${randomBytes(8).toString('hex')}.new`);
  await mkdir(building, { mode: 0o700 }).catch((error: unknown) => {
    throw storeError(error);
  });
  const threads = startThreads(options);
  try {
    await threads.writer.call('create', { ...request, folder: building, passphrase, kdf });
    // Again: the derivation took a second. On POSIX a rename would replace an empty folder.
    await refuseExisting(folder);
    await rename(building, folder);
    flushFolder(dirname(folder));
  } catch (error) {
    await threads.end();
    await rm(building, { recursive: true, force: true });
    throw storeError(error);
  }
  return enter(request, options, threads, () => threads.writer.call('open', request));
};

/**
 * Opens a workspace. Nothing is written unless the passphrase is right and the database is whole and not newer than
 * this program. The answer to a wrong passphrase takes the same derivation and the same minimum time as a right one.
 * @throws AppError('workspace.not_found' | 'workspace.damaged' | 'workspace.newer' | 'workspace.kdf_floor' |
 * 'workspace.wrong_passphrase' | 'workspace.in_use' | 'workspace.read_only')
 */
export const openWorkspace = async (options: OpenOptions): Promise<Vault> => {
  const given = resolve(options.folder);
  const folder = await realpath(given).catch(() => {
    throw new AppError('workspace.not_found', { name: basename(given) });
  });
  checkFolder(folder);
  const request = await requestOf(folder, options, options.readOnly ?? false);
  const { passphrase } = options;
  const threads = startThreads(options);
  return enter(request, options, threads, () => threads.writer.call('unlock', { ...request, passphrase }));
};

/**
 * Adds a recovery key to a workspace that is not open, and returns it: 14 groups of four characters, shown once.
 * @throws AppError as {@link openWorkspace} does.
 */
export const addRecoveryKey = async (options: OpenOptions): Promise<string> => {
  const folder = resolve(options.folder);
  checkFolder(folder);
  const threads = startThreads(options);
  try {
    const lock = lockWorkspace(folder);
    try {
      const { passphrase } = options;
      return await threads.writer.call('addRecoverySlot', { folder, passphrase, at: options.now() });
    } finally {
      lock.release();
    }
  } finally {
    await threads.end();
  }
};

const PROBLEMS = {
  'workspace.damaged': 'damaged',
  'workspace.newer': 'newer',
  'workspace.kdf_floor': 'kdf_floor',
} as const;

/** Looks at a folder without a key and without writing. */
export const describeWorkspace = (folder: string): WorkspaceDescription => {
  const path = resolve(folder);
  const name = workspaceName(path);
  const unknown = { name, version: null, createdAt: null };
  try {
    checkFolder(path);
    const { version, createdAt } = parseKeyslots(readKeyslotText(path));
    return { exists: true, name, version, createdAt, problem: null };
  } catch (thrown) {
    const error = storeError(thrown);
    if (!isAppError(error)) throw error;
    if (!(error.code in PROBLEMS)) return { exists: false, ...unknown, problem: null };
    return { exists: true, ...unknown, problem: PROBLEMS[error.code as keyof typeof PROBLEMS] };
  }
};
