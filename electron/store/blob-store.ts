// Encrypted files of a vault: written whole or not at all, each under a random key of its own.
import { createHash, randomBytes, randomFillSync } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Clock } from '../ports/clock.ts';
import { encryptBlob, readBlobFile } from './blob-codec.ts';
import { blobPath, BLOBS_FOLDER, GONE, isBlobId, PART } from './blob-files.ts';
import { zero } from './derived-keys.ts';
import { unwrap, wrap } from './key-wrap.ts';
import type { BlobRow } from './repositories/blobs-repository.ts';
import { storeError } from './store-errors.ts';
import type { ReaderApi, WriterApi } from './store-protocol.ts';
import type { StorePort } from './store-port.ts';
import { flushFolder } from './vault-files.ts';
import type { BlobInfo, Blobs } from './vault.ts';

export interface BlobStoreParts {
  readonly folder: string;
  /** Wraps the blobs' keys; used, not copied. */
  readonly blobKey: Uint8Array;
  readonly writer: StorePort<WriterApi>;
  readonly reader: StorePort<ReaderApi>;
  readonly now: Clock['now'];
  readonly readOnly: boolean;
}

// Size and digest are authenticated with the key: a row can't be given those of another file.
const contextOf = ({ id, bytes, sha256 }: Pick<BlobRow, 'id' | 'bytes' | 'sha256'>): string =>
  `probity-blob\n${id}\n${bytes}\n${sha256}`;

/** Size in bytes and SHA-256 of the plain bytes. */
interface WrittenBlob {
  readonly bytes: number;
  readonly sha256: string;
}

const writeAll = async (file: FileHandle, bytes: Uint8Array): Promise<void> => {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
};

/**
 * Writes a new encrypted file at `path`, which must not exist, and brings it to the disk. A job host does this for a
 * {@link BlobReservation}. The caller removes what a failure leaves.
 */
export const writeBlobFile = async (
  path: string,
  content: AsyncIterable<Uint8Array>,
  key: Uint8Array,
): Promise<WrittenBlob> => {
  const digest = createHash('sha256');
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of content) {
      digest.update(piece);
      bytes += piece.length;
      yield piece;
    }
  };
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of encryptBlob(counted(), key)) await writeAll(file, piece);
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: digest.digest('hex') };
};

export const makeBlobStore = (parts: BlobStoreParts): Blobs => {
  const { folder, blobKey, writer, reader, now, readOnly } = parts;

  const find = async (id: string): Promise<{ row: BlobRow; key: Uint8Array }> => {
    const row = isBlobId(id) ? await reader.call('blob', id) : null;
    if (row === null) throw new AppError('record.not_found', { kind: 'file' });
    const key = unwrap(blobKey, Buffer.from(row.wrappedKey, 'base64url'), contextOf(row));
    if (key === null) throw new AppError('record.altered', { kind: 'file' });
    return { row, key };
  };

  /** From the row on the blob exists: an opening after a crash finishes the renaming. */
  const register = async (id: string, key: Uint8Array, { bytes, sha256 }: WrittenBlob): Promise<BlobInfo> => {
    flushFolder(join(folder, BLOBS_FOLDER));
    const wrappedKey = Buffer.from(wrap(blobKey, key, contextOf({ id, bytes, sha256 }))).toString(
      'base64url',
    );
    await writer.call('addBlob', { id, bytes, sha256, wrappedKey, createdAt: now() });
    await rename(blobPath(folder, id) + PART, blobPath(folder, id));
    return { id, bytes, sha256 };
  };

  const put: Blobs['put'] = async (content) => {
    if (readOnly) throw new AppError('workspace.read_only');
    const id = randomBytes(16).toString('hex');
    const key = randomFillSync(new Uint8Array(32));
    const part = blobPath(folder, id) + PART;
    try {
      return await register(id, key, await writeBlobFile(part, content, key));
    } catch (error) {
      await rm(part, { force: true });
      throw storeError(error);
    } finally {
      zero(key);
    }
  };

  const reserve: Blobs['reserve'] = () => {
    if (readOnly) throw new AppError('workspace.read_only');
    const id = randomBytes(16).toString('hex');
    const key = randomFillSync(new Uint8Array(32));
    const path = blobPath(folder, id) + PART;
    return {
      target: { path, keyHex: Buffer.from(key).toString('hex') },
      keep: async (written) => {
        try {
          return await register(id, key, written);
        } catch (error) {
          throw storeError(error);
        } finally {
          zero(key);
        }
      },
      drop: async () => {
        zero(key);
        await rm(path, { force: true });
      },
    };
  };

  const read = async function* (id: string): AsyncGenerator<Uint8Array, void, undefined> {
    const { row, key } = await find(id);
    try {
      yield* readBlobFile(blobPath(folder, id), key, { expectedBytes: row.bytes });
    } finally {
      zero(key);
    }
  };

  return {
    reserve,
    put,
    open: read,

    ticket: async (id) => {
      const { row, key } = await find(id);
      const ticket = {
        path: blobPath(folder, id),
        keyHex: Buffer.from(key).toString('hex'),
        bytes: row.bytes,
      };
      zero(key);
      return ticket;
    },

    remove: async (id) => {
      if (readOnly) throw new AppError('workspace.read_only');
      if (!isBlobId(id)) throw new AppError('record.not_found', { kind: 'file' });
      const path = blobPath(folder, id);
      try {
        // A file that is gone already must not keep its row.
        await rename(path, path + GONE).catch(() => {});
        const known = await writer.call('removeBlob', id);
        await rm(path + GONE, { force: true });
        if (!known) throw new AppError('record.not_found', { kind: 'file' });
      } catch (error) {
        throw storeError(error);
      }
    },
  };
};
