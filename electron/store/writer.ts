// The writer thread: unlocks or creates a workspace, and is the only one that changes its database.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { AppError } from '../../shared/errors/app-error.ts';
import { Job } from '../../shared/model/job.ts';
import { headEntry } from '../journal/head-entries.ts';
import { HeadFile, readHeadFile } from '../journal/head-file.ts';
import { readHead, sealHead } from '../journal/head.ts';
import type { Head } from '../journal/head.ts';
import { answerAfterFloor } from './answer-floor.ts';
import { backUp } from './backup.ts';
import { settleBlobs } from './blob-files.ts';
import { canonicalJson } from './canonical-json.ts';
import { commitChange } from './commit.ts';
import type { Ledger, WireChange } from './commit.ts';
import { DATABASE_FILE, openConnection } from './connection.ts';
import { deriveKeys, zero, zeroKeys } from './derived-keys.ts';
import type { VaultKeys } from './derived-keys.ts';
import { copyDatabase, inspectDatabase, isAtRest } from './inspect-database.ts';
import { threadKdf } from './kdf.ts';
import { parseKeyslots } from './keyslot-file.ts';
import { addRecoverySlot, createKeyslots, deriveSlotKeys, openKeyslots } from './keyslots.ts';
import { latestSchema, migrateUp } from './migrations.ts';
import { addBlob, findBlob, removeBlob } from './repositories/blobs-repository.ts';
import { saveJob, unfinishedJobs } from './repositories/jobs-repository.ts';
import { chainHashAt, lastEntry } from './repositories/journal-repository.ts';
import { getMeta, setMeta } from './repositories/meta-repository.ts';
import { storeError } from './store-errors.ts';
import type { Opened, OpenRequest, StoreHostData, WriterApi } from './store-protocol.ts';
import { flushFolder, makeFolders, readKeyslotText, writeKeyslotText } from './vault-files.ts';
import type { Db } from './sqlite.ts';

/** Rollback mode: one file that can be read without writing beside it. See `inspectDatabase`. */
const rest = (db: Db): void => {
  const mode = db.pragma('journal_mode = DELETE', { simple: true });
  if (mode !== 'delete') throw new Error('another connection keeps the database from its resting state');
};

const interruptJobs = (db: Db, at: string): void => {
  for (const body of unfinishedJobs(db)) {
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Job), body);
    // One that can't be read is left for the reader, who says so.
    if (!read.success) continue;
    const job: Job = { ...read.output, state: 'interrupted', finishedAt: at };
    saveJob(db, { id: job.id, createdAt: job.createdAt, state: job.state, body: canonicalJson(job) });
  }
};

/** The open database with its side file, which is never more than one commit behind. */
class OpenLedger {
  readonly #ledger: Ledger;
  readonly #folder: string;
  readonly #headFile: HeadFile;
  /** The head that the side file does not have yet. */
  #unwritten: Head | null = null;

  constructor(ledger: Ledger, folder: string) {
    this.#ledger = ledger;
    this.#folder = folder;
    this.#headFile = new HeadFile(folder);
  }

  get db(): Db {
    return this.#ledger.db;
  }

  commit(change: WireChange): Head & { readonly chainHash: string } {
    // A disk that refused the last head must take it before anything new is promised.
    this.#flush();
    const head = commitChange(this.#ledger, change);
    this.#unwritten = head;
    try {
      this.#flush();
    } catch {
      // The commit stands; the next one (or the next opening) brings the side file up to date.
    }
    return head;
  }

  #flush(): void {
    const head = this.#unwritten;
    if (head === null) return;
    const { sealKey, workspace } = this.#ledger;
    this.#headFile.write(head.seq, sealHead(sealKey, workspace, head));
    this.#unwritten = null;
  }

  /** Compares the ends of the journal and records what it finds. */
  settleHeads(at: string): void {
    const { db, workspace, sealKey } = this.#ledger;
    const file = readHeadFile(this.#folder, sealKey, workspace);
    const entry = headEntry({
      last: lastEntry(db),
      sealed: readHead(sealKey, workspace, getMeta(db, 'head')),
      file,
      atFileHead: file.state === 'sealed' ? chainHashAt(db, file.head.seq) : null,
    });
    if (entry !== null) this.commit({ puts: [], removes: [], entry, at });
  }

  close(): void {
    this.#headFile.close();
    try {
      this.db.pragma('wal_checkpoint(TRUNCATE)');
      rest(this.db);
    } finally {
      this.db.close();
      zero(this.#ledger.sealKey);
    }
  }
}

/** The functions of the writer thread; one workspace per thread. */
export const makeWriter = (host: StoreHostData): WriterApi => {
  const { addon } = host;
  const kdf = threadKdf(new URL(host.entry));
  let created: { readonly root: Buffer; readonly workspace: string } | null = null;
  let opened: OpenLedger | null = null;
  let removeCopy: (() => void) | null = null;

  const ledger = (): OpenLedger => {
    if (opened === null) throw new AppError('workspace.read_only');
    return opened;
  };

  const answer = (path: string, folder: string, workspace: string, keys: VaultKeys): Opened => ({
    workspace,
    // Copies: what is posted to the other thread is not shared with this one.
    fieldKey: Uint8Array.from(keys.field),
    blobKey: Uint8Array.from(keys.blob),
    reader: {
      folder,
      path,
      workspace,
      databaseKey: Uint8Array.from(keys.database),
      databaseSalt: Uint8Array.from(keys.databaseSalt),
      sealKey: Uint8Array.from(keys.seal),
    },
  });

  const openCopy = (folder: string, keys: VaultKeys): string => {
    const copy = copyDatabase(folder);
    removeCopy = copy.remove;
    const db = openConnection({ path: copy.path, key: keys, addon, readonly: false });
    rest(db);
    db.close();
    return copy.path;
  };

  const openForReading = (folder: string, keys: VaultKeys): string =>
    isAtRest(folder, keys) ? join(folder, DATABASE_FILE) : openCopy(folder, keys);

  const openForWriting = (
    request: OpenRequest,
    workspace: string,
    keys: VaultKeys,
    schema: number,
  ): string => {
    const { folder, migrations, agent, at } = request;
    const path = join(folder, DATABASE_FILE);
    const db = openConnection({ path, key: keys, addon, readonly: false });
    try {
      if (schema < latestSchema(migrations)) {
        rest(db);
        backUp({ folder, key: keys, addon, schema, at });
        migrateUp(db, migrations, at);
      }
      db.pragma('journal_mode = WAL');
      const next = new OpenLedger({ db, workspace, sealKey: Uint8Array.from(keys.seal), agent }, folder);
      next.settleHeads(at);
      interruptJobs(db, at);
      settleBlobs(folder, (id) => findBlob(db, id) !== null);
      opened = next;
      return path;
    } catch (error) {
      db.close();
      throw error;
    }
  };

  /** Zeroes the root. */
  const openWith = (root: Buffer, workspace: string, request: OpenRequest): Opened => {
    const keys = deriveKeys(root, workspace);
    zero(root);
    const { folder, migrations, readOnly } = request;
    try {
      const schema = inspectDatabase({ folder, key: keys, addon, migrations });
      if (readOnly && schema !== latestSchema(migrations)) throw new AppError('workspace.read_only');
      const path = readOnly ? openForReading(folder, keys) : openForWriting(request, workspace, keys, schema);
      return answer(path, folder, workspace, keys);
    } finally {
      zeroKeys(keys);
    }
  };

  return {
    create: async ({ folder, migrations, at, passphrase, kdf: parameters }) => {
      const { file, root } = await createKeyslots({ passphrase, parameters, at }, kdf);
      const keys = deriveKeys(root, file.workspace);
      makeFolders(folder);
      writeKeyslotText(folder, `${JSON.stringify(file, null, 2)}\n`);
      const db = openConnection({ path: join(folder, DATABASE_FILE), key: keys, addon, readonly: false });
      try {
        migrateUp(db, migrations, at);
        const head = sealHead(keys.seal, file.workspace, { seq: 0, chainHash: null });
        const headFile = new HeadFile(folder);
        setMeta(db, 'workspace', file.workspace);
        setMeta(db, 'created_at', at);
        setMeta(db, 'head', head);
        headFile.write(0, head);
        headFile.close();
      } finally {
        db.close();
        zeroKeys(keys);
      }
      flushFolder(folder);
      created = { root, workspace: file.workspace };
    },

    open: (request) => {
      if (created === null) throw new Error('open follows create');
      const { root, workspace } = created;
      created = null;
      return openWith(root, workspace, request);
    },

    unlock: async (request) => {
      const file = parseKeyslots(readKeyslotText(request.folder));
      const keys = await deriveSlotKeys(file, request.passphrase, kdf);
      // The floor counts from here: nothing after the derivation may tell a wrong passphrase from a right one early.
      return answerAfterFloor(() => openWith(openKeyslots(file, keys), file.workspace, request), sleep);
    },

    addRecoverySlot: async ({ folder, passphrase, at }) => {
      const file = parseKeyslots(readKeyslotText(folder));
      const keys = await deriveSlotKeys(file, passphrase, kdf);
      return answerAfterFloor(() => {
        const root = openKeyslots(file, keys);
        const added = addRecoverySlot(file, root, at);
        zero(root);
        writeKeyslotText(folder, `${JSON.stringify(added.file, null, 2)}\n`);
        return added.recoveryKey;
      }, sleep);
    },

    commit: (change) => ledger().commit(change),
    saveJob: (row) => saveJob(ledger().db, row),
    addBlob: (row) => addBlob(ledger().db, row),
    removeBlob: (id) => removeBlob(ledger().db, id),

    close: () => {
      try {
        opened?.close();
      } catch (error) {
        throw storeError(error);
      } finally {
        opened = null;
        zero(created?.root);
        created = null;
        removeCopy?.();
      }
    },
  };
};
