// The text of an exported file as UTF-8: inflated, and decoded where Windows wrote it as UTF-16.
import type { SourceFile } from '../../../../../ports/source.ts';
import type { GzipTrouble } from '../../lines/gunzip.ts';
import { TextStream } from '../../lines/text-stream.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** By its byte order mark; without one by the zero bytes that Latin letters have in UTF-16. */
export const encodingOf = (beginning: Buffer): Encoding => {
  const [a, b, c, d] = beginning;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le';
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return 'utf-16be';
  return 'utf-8';
};

const REPLACEMENT = '\uFFFD';
const ENCODING_BYTES = 4;

export class PlainText {
  readonly #text: TextStream;
  encoding: Encoding = 'utf-8';
  /** Pieces of UTF-16 that hold U+FFFD: mostly what could not be decoded. */
  doubtful = 0;

  constructor(file: SourceFile) {
    this.#text = new TextStream(file);
  }

  get troubles(): readonly GzipTrouble[] {
    return this.#text.troubles;
  }

  get storedBytes(): number {
    return this.#text.storedBytes;
  }

  get isCompressed(): boolean {
    return this.#text.isCompressed;
  }

  /** See TextStream. */
  sha256(): string {
    return this.#text.sha256();
  }

  /** UTF-8 in chunks; a byte order mark stays where the text is UTF-8, and is left out where it was UTF-16. */
  async *chunks(): AsyncGenerator<Buffer> {
    let decoder: InstanceType<typeof TextDecoder> | null = null;
    let first: Buffer | null = Buffer.alloc(0);
    for await (const chunk of this.#text.chunks()) {
      let piece: Buffer = chunk;
      if (first !== null) {
        piece = first.length === 0 ? chunk : Buffer.concat([first, chunk]);
        if (piece.length < ENCODING_BYTES) {
          first = Buffer.from(piece);
          continue;
        }
        first = null;
        this.encoding = encodingOf(piece);
        if (this.encoding !== 'utf-8') decoder = new TextDecoder(this.encoding);
      }
      if (decoder === null) yield piece;
      else yield* this.#decoded(decoder.decode(piece, { stream: true }));
    }
    if (first !== null && first.length > 0) yield first;
    if (decoder !== null) yield* this.#decoded(decoder.decode());
  }

  *#decoded(text: string): Generator<Buffer> {
    if (text === '') return;
    if (text.includes(REPLACEMENT)) this.doubtful += 1;
    yield Buffer.from(text, 'utf8');
  }
}

/** The first `limit` bytes of the plain text. */
export const beginningOfText = async (file: SourceFile, limit: number): Promise<Buffer> => {
  const end = Math.min(file.bytes, limit * 2);
  const head: SourceFile = { name: file.name, bytes: end, open: () => file.open({ start: 0, end }) };
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of new PlainText(head).chunks()) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= limit) break;
  }
  return Buffer.concat(parts).subarray(0, limit);
};
