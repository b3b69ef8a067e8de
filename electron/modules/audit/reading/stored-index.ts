// Reads the stored index of a log: its footer, its columns, and the places of its rows.
import type { BlobTicket } from '../../../store/vault.ts';
import { readBlobFile } from '../../../store/blob-codec.ts';
import {
  columnList,
  FACT_BYTES,
  type FactColumns,
  footerLength,
  type IdColumn,
  type IndexFooter,
  makeColumns,
  readFooter,
  ROW_BYTES,
  rowsInSegment,
  SEGMENT_ROWS,
  TAIL_BYTES,
} from './index-format.ts';

export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** One blob, read by ranges. @throws AppError record.altered */
export const readTicket = (
  { path, keyHex, bytes }: BlobTicket,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, undefined> =>
  readBlobFile(path, Buffer.from(keyHex, 'hex'), { start, end, expectedBytes: bytes });

const rangeOf = async (ticket: BlobTicket, start: number, end: number): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const piece of readTicket(ticket, start, end)) parts.push(piece);
  return Buffer.concat(parts);
};

/** @throws AppError record.altered */
export const readIndexFooter = async (ticket: BlobTicket): Promise<IndexFooter> => {
  const end = ticket.bytes - TAIL_BYTES;
  const length = footerLength(await rangeOf(ticket, end, ticket.bytes));
  return readFooter(await rangeOf(ticket, end - length, end));
};

/** The stored bytes of each segment in turn; the buffer is used again for the next. */
async function* segments(ticket: BlobTicket, rows: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(rows, SEGMENT_ROWS) * ROW_BYTES);
  let segment = 0;
  let filled = 0;
  for await (const piece of readTicket(ticket, 0, rows * ROW_BYTES)) {
    let at = 0;
    while (at < piece.length) {
      const size = rowsInSegment(segment, rows) * ROW_BYTES;
      const length = Math.min(piece.length - at, size - filled);
      buffer.set(piece.subarray(at, at + length), filled);
      filled += length;
      at += length;
      if (filled < size) continue;
      yield buffer.subarray(0, size);
      segment += 1;
      filled = 0;
    }
  }
}

const idColumn = (rows: number, distinct: number): IdColumn =>
  distinct <= 256 ? new Uint8Array(rows) : distinct <= 65_536 ? new Uint16Array(rows) : new Uint32Array(rows);

/** All columns in memory: 10 to 15 bytes a row, as wide as the dictionaries need. */
export const readColumns = async (ticket: BlobTicket, footer: IndexFooter): Promise<FactColumns> => {
  const { rows } = footer;
  const columns: FactColumns = {
    timeLow: new Uint32Array(rows),
    timeHigh: new Uint16Array(rows),
    actor: idColumn(rows, footer.actor.values.length),
    action: idColumn(rows, footer.action.values.length),
    result: idColumn(rows, footer.result.values.length),
    flags: new Uint8Array(rows),
  };
  const targets = columnList(columns);
  const stored = columnList(makeColumns(Math.min(rows, SEGMENT_ROWS)));
  let row = 0;
  for await (const segment of segments(ticket, rows)) {
    const count = segment.length / ROW_BYTES;
    let at = 0;
    for (const [nth, column] of stored.entries()) {
      const bytes = count * column.BYTES_PER_ELEMENT;
      new Uint8Array(column.buffer, 0, bytes).set(segment.subarray(at, at + bytes));
      targets[nth]?.set(column.subarray(0, count), row);
      at += bytes;
    }
    row += count;
  }
  return columns;
};

export const placeIn = (bytes: Buffer, at: number): Place => ({
  offset: bytes.readUIntLE(at, 5),
  length: bytes.readUInt32LE(at + 5),
});

/** The places of all rows, a segment at a time: 9 bytes a row ({@link placeIn}), in a buffer that is used again. */
export async function* readPlaceSegments(ticket: BlobTicket, rows: number): AsyncGenerator<Buffer> {
  for await (const segment of segments(ticket, rows))
    yield segment.subarray((segment.length / ROW_BYTES) * FACT_BYTES);
}
