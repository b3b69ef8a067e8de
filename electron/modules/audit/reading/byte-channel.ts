// Hands bytes from a reader that pushes to a writer that pulls, one piece at a time, so that neither runs ahead.

type Waiting = { readonly done: () => void; readonly failed: (error: unknown) => void };

export class ByteChannel implements AsyncIterable<Uint8Array> {
  #pieces: Uint8Array[] = [];
  #taken: Waiting | null = null;
  #wanted: (() => void) | null = null;
  #ended = false;
  #error: unknown = null;

  /** Resolves when the writer has taken what was pushed. Rejects when the writer gave up. */
  push(bytes: Uint8Array): Promise<void> {
    if (this.#error !== null) return Promise.reject(this.#error as Error);
    this.#pieces.push(bytes);
    this.#wanted?.();
    return new Promise((done, failed) => {
      this.#taken = { done, failed };
    });
  }

  end(): void {
    this.#ended = true;
    this.#wanted?.();
  }

  /** Ends both sides with the error: the writer's reading throws it, a waiting push rejects. */
  fail(error: unknown): void {
    this.#error ??= error;
    this.#wanted?.();
    this.#taken?.failed(this.#error);
    this.#taken = null;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      if (this.#error !== null) throw this.#error;
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        yield piece;
        if (this.#pieces.length === 0) {
          this.#taken?.done();
          this.#taken = null;
        }
        continue;
      }
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wanted = resolve;
      });
      this.#wanted = null;
    }
  }
}
