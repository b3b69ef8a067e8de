// Verifies one byte range of a Guardian log, cut at line borders, into plain data that joins with that of its neighbours.
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun } from '../format.ts';
import { GUARDIAN_ID } from '../guardian/conclude.ts';
import { GuardianPass } from '../guardian/guardian-pass.ts';
import type { PackedPass } from '../guardian/guardian-pass.ts';
import { asBuffer } from '../lines/byte-queue.ts';
import { isGzip } from '../lines/gunzip.ts';
import { beginningOf, layoutOfFile } from '../lines/locator.ts';
import { onlyFile } from '../lines/read-log.ts';
import { CELL_BYTES, RecordStream } from '../lines/record-stream.ts';
import type { TextForm } from '../lines/record-stream.ts';

/** Lines that begin in [from, to), both multiples of CELL_BYTES or the end of the file. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Segment {
  readonly range: Range;
  /** The bytes that were read: whole lines, from the first that begins at or after `range.from`. */
  readonly start: number;
  readonly end: number;
  /** Of these bytes, lower-case hex. */
  readonly sha256: string;
  /** Size of the whole file. */
  readonly fileBytes: number;
  /** SHA-256 of the first 64 KiB of the file: tells logs apart. */
  readonly beginning: string;
  readonly records: number;
  /** Line feeds. */
  readonly lines: number;
  /** Blank lines after the last record. */
  readonly trailingBlanks: number;
  /** Line numbers count from the start of the segment. */
  readonly form: TextForm;
  readonly pass: PackedPass;
}

const LINE_FEED = 0x0a;
const TURN_MS = 20;

/**
 * The one file of a source that can be cut. @throws AppError('audit.cannot_cut') for gzip and JSON arrays, where a place
 * inside can only be found by reading all before it.
 */
export const cuttableFile = async (source: Source): Promise<SourceFile> => {
  const file = onlyFile(source, GUARDIAN_ID);
  const refuse = (reason: string): AppError => new AppError('audit.cannot_cut', { name: file.name, reason });
  if (isGzip(await beginningOf(file)))
    throw refuse('it is compressed, and a compressed file can only be read from its beginning');
  if ((await layoutOfFile(file)) === 'array')
    throw refuse('it is one JSON array, whose elements can only be told apart from its beginning on');
  return file;
};

/** `count` ranges that cover the file; some are empty where the file has fewer cells. `count` at least 1. */
export const rangesOf = (fileBytes: number, count: number): Range[] => {
  const cells = Math.ceil(fileBytes / CELL_BYTES);
  const cut = (i: number): number => Math.min(fileBytes, Math.floor((i * cells) / count) * CELL_BYTES);
  return Array.from({ length: count }, (_, i) => ({ from: cut(i), to: cut(i + 1) }));
};

/** The whole lines of a range, each piece valid until the next is asked for: skips to the first line that begins in it, and reads the last such line to its end. */
export async function* textOf(
  file: SourceFile,
  { from, to }: Range,
  found: (start: number) => void,
): AsyncGenerator<Buffer> {
  let position = Math.max(0, from - 1);
  let isInside = from === 0;
  if (isInside) found(0);
  if (to === 0) return;
  for await (const piece of file.open({ start: position, isLent: true })) {
    let chunk = asBuffer(piece);
    if (!isInside) {
      const feed = chunk.indexOf(LINE_FEED);
      if (feed < 0) {
        position += chunk.length;
        continue;
      }
      isInside = true;
      position += feed + 1;
      chunk = chunk.subarray(feed + 1);
      found(position);
      if (position >= to) return;
    }
    // The line feed from which on no line begins inside any more.
    const last = Math.max(0, to - 1 - position);
    const feed = last < chunk.length ? chunk.indexOf(LINE_FEED, last) : -1;
    const end = feed < 0 ? chunk.length : feed + 1;
    position += end;
    if (end > 0) yield chunk.subarray(0, end);
    if (feed >= 0) return;
  }
  if (!isInside) found(file.bytes);
}

/**
 * @throws AppError('audit.cannot_cut'), AppError('audit.format_mismatch') where hardly a line is a record,
 * AppError('job.cancelled'), and what the source throws.
 */
export const verifySegment = async (source: Source, range: Range, run: EngineRun): Promise<Segment> => {
  const file = await cuttableFile(source);
  const pass = new GuardianPass({ isContinuation: range.from > 0 });
  const records = new RecordStream(pass);
  const digest = createHash('sha256');
  let start = 0;
  let bytes = 0;
  let turn = performance.now();
  const begin = (at: number): void => {
    start = at;
    records.startAt('lines', at, 1);
  };
  for await (const chunk of textOf(file, range, begin)) {
    digest.update(chunk);
    records.push(chunk);
    bytes += chunk.length;
    run.progress({
      step: 'verifying',
      done: bytes,
      total: range.to - range.from,
      unit: 'bytes',
      records: records.records,
    });
    if (pass.isHopeless) {
      const reason = 'most of its lines are no records, and there are more than a million of them';
      throw new AppError('audit.format_mismatch', { name: source.name, format: GUARDIAN_ID, reason });
    }
    if (performance.now() - turn > TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
    throwIfCancelled(run.signal);
  }
  records.end();
  return {
    range,
    start,
    end: start + bytes,
    sha256: digest.digest('hex'),
    fileBytes: file.bytes,
    beginning: await beginningDigest(file),
    records: records.records,
    lines: records.line - 1,
    trailingBlanks: records.trailingBlanks,
    form: records.form,
    pass: pass.packed(start),
  };
};

export const beginningDigest = async (file: SourceFile): Promise<string> =>
  createHash('sha256')
    .update(await beginningOf(file))
    .digest('hex');
