// Looks for an earlier state of a log that a timestamp is over: the file up to some line, or a hash that stands in a line.
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { isAppError } from '../../../../../shared/errors/app-error.ts';
import { inflated } from '../../../../ports/inflate.ts';
import type { Source } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun } from '../format.ts';
import { readUpTo } from '../merkle/small-file.ts';
import type { StampedDigest } from './evidence.ts';
import { headForms } from './imprint.ts';

/** Hashes in lines longer than this are not looked for, in bytes. */
const LONGEST_LINE = 1024 * 1024;
const HEX = /(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])/gu;
/** Of the forms of a head, those that do not double another. */
const FORMS = 4;
const NODE_DIGESTS: ReadonlySet<string> = new Set([
  'sha1',
  'sha224',
  'sha256',
  'sha384',
  'sha512',
  'ripemd160',
  'md5',
]);
const LF = 0x0a;

export interface PrefixAnswer {
  /** By stamp: the zero-based line up to which the log was stamped. */
  readonly found: ReadonlyMap<StampedDigest, number>;
  /** Stamps over the whole content, which for a compressed file is not the file. */
  readonly whole: ReadonlySet<StampedDigest>;
  /** Every line was looked at: a stamp that was not found is over no state of this log. */
  readonly exhaustive: boolean;
}

/** Nothing was looked for. */
export const NO_PREFIXES: PrefixAnswer = { found: new Map(), whole: new Set(), exhaustive: false };

class Search {
  readonly found = new Map<StampedDigest, number>();
  readonly #stamps: readonly StampedDigest[];
  readonly #sums: ReadonlyMap<string, Hash>;
  #line = 0;
  #parts: Buffer[] = [];
  #length = 0;
  #before: ReadonlySet<string> = new Set();
  skipped = false;

  constructor(stamps: readonly StampedDigest[]) {
    this.#stamps = stamps;
    const algorithms = new Set(stamps.map(({ algorithm }) => algorithm));
    this.#sums = new Map([...algorithms].map((name) => [name, createHash(name)]));
  }

  #compareFile(): void {
    const now = new Map([...this.#sums].map(([name, sum]) => [name, sum.copy().digest('hex')]));
    for (const stamp of this.#stamps)
      if (now.get(stamp.algorithm) === stamp.hex && !this.found.has(stamp)) this.found.set(stamp, this.#line);
  }

  #compareHashes(line: string): void {
    const seen = new Set<string>();
    for (const [hex] of line.matchAll(HEX)) seen.add(hex.toLowerCase());
    for (const hex of seen) {
      // The hash of the record before stands in most records a second time.
      if (this.#before.has(hex)) continue;
      for (const stamp of this.#stamps) {
        if (this.found.has(stamp)) continue;
        const forms = headForms(hex, stamp.digest, FORMS);
        if (forms.some((form) => form.hex === stamp.hex)) this.found.set(stamp, this.#line);
      }
    }
    this.#before = seen;
  }

  #update(piece: Buffer): void {
    for (const sum of this.#sums.values()) sum.update(piece);
    this.#length += piece.length;
    if (this.#length <= LONGEST_LINE) this.#parts.push(piece);
    else this.skipped = true;
  }

  #endLine(): void {
    this.#compareFile();
    if (this.#length <= LONGEST_LINE) this.#compareHashes(Buffer.concat(this.#parts).toString('latin1'));
    this.#parts = [];
    this.#length = 0;
  }

  take(bytes: Buffer): void {
    let start = 0;
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, start)) {
      this.#update(bytes.subarray(start, at));
      this.#endLine();
      this.#update(bytes.subarray(at, at + 1));
      this.#compareFile();
      this.#parts = [];
      this.#length = 0;
      this.#line += 1;
      start = at + 1;
    }
    // A copy: the source may use its buffer again.
    if (start < bytes.length) this.#update(Buffer.from(bytes.subarray(start)));
  }

  /** The stamps over all that was taken. */
  finish(): ReadonlySet<StampedDigest> {
    if (this.#length > 0) this.#endLine();
    const all = new Map([...this.#sums].map(([name, sum]) => [name, sum.digest('hex')]));
    return new Set(this.#stamps.filter(({ algorithm, hex }) => all.get(algorithm) === hex));
  }
}

/**
 * Reads a text log (plain or gzip) once. Progress step `anchors`.
 * @throws AppError file.*, job.cancelled
 */
export const searchPrefixes = async (
  sources: readonly Source[],
  all: readonly StampedDigest[],
  run: EngineRun,
): Promise<PrefixAnswer> => {
  const stamps = all.filter(({ algorithm }) => NODE_DIGESTS.has(algorithm));
  const source = sources.at(-1);
  const file = source?.kind === 'file' ? source.files[0] : undefined;
  if (file === undefined || stamps.length === 0) return NO_PREFIXES;
  const beginning = await readUpTo(file);
  const isGzip = beginning[0] === 0x1f && beginning[1] === 0x8b;
  if (!isGzip && beginning.includes(0)) return NO_PREFIXES;
  const search = new Search(stamps);
  let done = 0;
  try {
    for await (const piece of isGzip ? inflated(file.open(), 'gzip', file.name) : file.open()) {
      throwIfCancelled(run.signal);
      search.take(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
      done += piece.length;
      run.progress({ step: 'verifying', done, total: isGzip ? null : file.bytes, unit: 'bytes' });
    }
  } catch (error) {
    // A damaged archive: what its format says of it counts.
    if (isAppError(error) && error.code.startsWith('archive.'))
      return { ...NO_PREFIXES, found: search.found };
    throw error;
  }
  const whole = search.finish();
  return { found: search.found, whole, exhaustive: !search.skipped && stamps.length === all.length };
};
