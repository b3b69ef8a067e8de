// The first records of a log, from its first 64 KiB: what a format looks at to recognise itself.
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { RecordStream } from './record-stream.ts';
import { TextStream } from './text-stream.ts';

const SAMPLE_BYTES = 64 * 1024;

export interface Sample {
  /** Whole records, each followed by a line feed that is not part of it. */
  readonly records: readonly Buffer[];
  /** The text that was looked at. */
  readonly text: Buffer;
}

/** At most `limit` records; null when the source is not one non-empty file. Throws what the source throws. */
export const sampleOf = async (source: Source, limit: number): Promise<Sample | null> => {
  const [file, ...others] = source.files;
  if (file === undefined || others.length > 0 || file.bytes === 0) return null;
  const text = await beginning(file);
  const records: Buffer[] = [];
  const stream = new RecordStream({
    record: (bytes, start, end, _place, complete) => {
      const isCut = !complete && file.bytes > SAMPLE_BYTES;
      if (records.length < limit && !isCut) records.push(Buffer.from([...bytes.subarray(start, end), 0x0a]));
    },
    tooLong: () => undefined,
  });
  stream.push(text);
  stream.end();
  return { records, text };
};

const beginning = async (file: SourceFile): Promise<Buffer> => {
  const end = Math.min(file.bytes, SAMPLE_BYTES);
  const head: SourceFile = { name: file.name, bytes: end, open: () => file.open({ start: 0, end }) };
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of new TextStream(head).chunks()) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= SAMPLE_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, SAMPLE_BYTES);
};
