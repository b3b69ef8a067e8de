// A pull view on a stream of chunks: look ahead a few bytes, take pieces, know the position.

export class ByteQueue {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #pending = Buffer.alloc(0) as Buffer;
  #ended = false;
  /** Offset of the next byte that will be taken. */
  position = 0;

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** At least `count` bytes ahead, fewer only at the end of the stream. Nothing is taken. */
  async peek(count: number): Promise<Buffer> {
    while (this.#pending.length < count && (await this.#pull()));
    return this.#pending;
  }

  /** The next bytes, at most `limit`; empty at the end. */
  async take(limit: number): Promise<Buffer> {
    if (this.#pending.length === 0) await this.peek(1);
    const piece = this.#pending.subarray(0, limit);
    this.skip(piece.length);
    return piece;
  }

  /** Drops bytes that a peek has shown. */
  skip(count: number): void {
    this.#pending = this.#pending.subarray(count);
    this.position += count;
  }

  /** Puts back the last bytes of a piece that turned out to belong to what follows. */
  unread(bytes: Buffer): void {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([bytes, this.#pending]);
    this.position -= bytes.length;
  }

  async #pull(): Promise<boolean> {
    if (this.#ended) return false;
    const next = await this.#chunks.next();
    if (next.done === true) {
      this.#ended = true;
      return false;
    }
    const chunk = asBuffer(next.value);
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    return true;
  }
}

/** The same memory seen as a Buffer. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
