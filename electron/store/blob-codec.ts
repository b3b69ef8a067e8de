// The file form of an encrypted blob: 1 MiB chunks under AES-256-GCM, readable from any offset, no cut or swap unnoticed.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { AppError } from '../../shared/errors/app-error.ts';

const MAGIC = Buffer.from('PRBYBLB1', 'latin1');
const FILE_ID_BYTES = 16;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** Header: 8 bytes magic, u32le chunk size, u32le zero, 16 bytes random file id. */
export const BLOB_HEADER_BYTES = 32;
/** Plain bytes in every chunk but the last, which holds 0..this. An empty blob has one empty chunk. */
export const BLOB_CHUNK_BYTES = 1024 * 1024;

/** Random access to the stored (encrypted) bytes of one blob. */
export interface BlobReader {
  /** Stored size in bytes. */
  readonly size: number;
  /** Reads exactly `length` bytes at `offset`, or fewer at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Plain byte range, `end` exclusive; `expectedBytes` is the plain size on record, checked before the first chunk. */
export interface BlobRange {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly expectedBytes?: number | undefined;
}

const altered = (): AppError => new AppError('record.altered', { kind: 'file' });

const checkKey = (key: Uint8Array): void => {
  if (key.length !== KEY_BYTES) throw new RangeError(`a blob key has ${KEY_BYTES} bytes`);
};

const chunkCount = (plainBytes: number): number => Math.max(1, Math.ceil(plainBytes / BLOB_CHUNK_BYTES));

/** Stored size in bytes of a blob of `plainBytes`. */
export const storedBlobBytes = (plainBytes: number): number =>
  BLOB_HEADER_BYTES + plainBytes + chunkCount(plainBytes) * TAG_BYTES;

const counterOf = (index: number): Buffer => {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(index));
  return counter;
};

// The counter and the last-chunk flag are authenticated, so a dropped, moved or appended chunk fails like a changed one.
const nonceAndContext = (
  fileId: Uint8Array,
  index: number,
  last: boolean,
): { nonce: Buffer; aad: Buffer } => {
  const counter = counterOf(index);
  return {
    nonce: Buffer.concat([fileId.subarray(0, 4), counter]),
    aad: Buffer.concat([fileId, counter, Buffer.of(last ? 1 : 0)]),
  };
};

const sealChunk = (
  key: Uint8Array,
  fileId: Uint8Array,
  index: number,
  last: boolean,
  plain: Uint8Array,
): Buffer => {
  const { nonce, aad } = nonceAndContext(fileId, index, last);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

const openChunk = (
  key: Uint8Array,
  fileId: Uint8Array,
  index: number,
  last: boolean,
  sealed: Uint8Array,
): Buffer => {
  const { nonce, aad } = nonceAndContext(fileId, index, last);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    decipher.final();
    return plain;
  } catch {
    throw altered();
  }
};

/**
 * Encrypts a stream into the stored form. One key must serve one blob only: the nonce is four bytes of the random file
 * id and the chunk counter (NIST SP 800-38D 8.2.1).
 * @param key 32 bytes.
 * @param fileId 16 bytes, random unless a test pins it.
 */
export const encryptBlob = async function* (
  plain: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  key: Uint8Array,
  fileId: Uint8Array = randomBytes(FILE_ID_BYTES),
): AsyncGenerator<Uint8Array, void, undefined> {
  checkKey(key);
  if (fileId.length !== FILE_ID_BYTES) throw new RangeError(`a blob file id has ${FILE_ID_BYTES} bytes`);
  const header = Buffer.alloc(BLOB_HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(BLOB_CHUNK_BYTES, MAGIC.length);
  header.set(fileId, BLOB_HEADER_BYTES - FILE_ID_BYTES);
  yield header;
  const buffer = Buffer.alloc(BLOB_CHUNK_BYTES);
  let filled = 0;
  let index = 0;
  for await (const piece of plain) {
    let taken = 0;
    while (taken < piece.length) {
      // A full buffer is sealed only once more bytes are known to follow: the last chunk carries the flag.
      if (filled === BLOB_CHUNK_BYTES) {
        yield sealChunk(key, fileId, index, false, buffer);
        index += 1;
        filled = 0;
      }
      const length = Math.min(piece.length - taken, BLOB_CHUNK_BYTES - filled);
      buffer.set(piece.subarray(taken, taken + length), filled);
      filled += length;
      taken += length;
    }
  }
  yield sealChunk(key, fileId, index, true, buffer.subarray(0, filled));
};

const readHeader = async (reader: BlobReader): Promise<Uint8Array> => {
  const header = Buffer.from(await reader.read(0, BLOB_HEADER_BYTES));
  const whole =
    header.length === BLOB_HEADER_BYTES &&
    header.subarray(0, MAGIC.length).equals(MAGIC) &&
    header.readUInt32LE(MAGIC.length) === BLOB_CHUNK_BYTES &&
    header.readUInt32LE(MAGIC.length + 4) === 0;
  if (!whole) throw altered();
  return header.subarray(BLOB_HEADER_BYTES - FILE_ID_BYTES);
};

/**
 * Plain size in bytes that a stored size stands for.
 * @throws AppError('record.altered') when no blob has that size.
 */
export const plainBlobBytes = (stored: number): number => {
  const body = stored - BLOB_HEADER_BYTES;
  const chunks = Math.ceil(body / (BLOB_CHUNK_BYTES + TAG_BYTES));
  const plain = body - chunks * TAG_BYTES;
  if (chunks < 1 || plain < 0 || chunkCount(plain) !== chunks) throw altered();
  return plain;
};

/**
 * Decrypts a blob, or the plain range [start, end) of it, in pieces of at most 1 MiB. Every piece is authenticated
 * before it is handed out. A range that ends before the last chunk does not read that chunk: give `expectedBytes` to
 * have a cut file refused there too.
 * @throws AppError('record.altered') when the stored bytes are not what was written.
 */
export const decryptBlob = async function* (
  reader: BlobReader,
  key: Uint8Array,
  range: BlobRange = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  checkKey(key);
  const fileId = await readHeader(reader);
  const total = plainBlobBytes(reader.size);
  if (range.expectedBytes !== undefined && range.expectedBytes !== total) throw altered();
  const lastIndex = chunkCount(total) - 1;
  const start = Math.max(0, range.start ?? 0);
  const end = Math.min(range.end ?? total, total);
  // An empty blob (or range) still opens one chunk, so that its tag is checked.
  const first = Math.min(Math.floor(start / BLOB_CHUNK_BYTES), lastIndex);
  for (let index = first; index <= lastIndex; index += 1) {
    const from = index * BLOB_CHUNK_BYTES;
    if (index > first && from >= end) break;
    const plainLength = Math.min(BLOB_CHUNK_BYTES, total - from);
    const sealed = await reader.read(
      BLOB_HEADER_BYTES + index * (BLOB_CHUNK_BYTES + TAG_BYTES),
      plainLength + TAG_BYTES,
    );
    if (sealed.length !== plainLength + TAG_BYTES) throw altered();
    const plain = openChunk(key, fileId, index, index === lastIndex, sealed);
    const piece = plain.subarray(Math.max(0, start - from), Math.max(0, Math.min(plainLength, end - from)));
    if (piece.length > 0) yield piece;
  }
};

/** Reason words for a failed system call: its code only, never a path. */
const systemReason = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';

/**
 * Decrypts the blob file at `path` (see {@link decryptBlob}); the file is closed when the reader stops early, too.
 * @throws AppError('record.altered') also when the file is gone; AppError('file.unreadable') when the disk refuses.
 */
export const readBlobFile = async function* (
  path: string,
  key: Uint8Array,
  range: BlobRange = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const failed = (error: unknown): AppError =>
    error instanceof AppError
      ? error
      : systemReason(error) === 'ENOENT'
        ? altered()
        : new AppError('file.unreadable', { name: 'stored file', reason: systemReason(error) });
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw failed(error);
  });
  try {
    const { size } = await handle.stat();
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle
          .read(buffer, filled, length - filled, offset + filled)
          .catch((error: unknown) => {
            throw failed(error);
          });
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    };
    yield* decryptBlob({ size, read }, key, range);
  } finally {
    await handle.close();
  }
};
