// Reads the records of one exported file to its end, or from a known record on.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import { asBuffer } from '../lines/byte-queue.ts';
import type { RecordHandler, TextForm } from '../lines/record-stream.ts';
import type { TextLayout } from './cut/layout.ts';
import { PlainText } from './cut/plain-text.ts';
import { RecordCutter } from './cut/record-cutter.ts';

/** Milliseconds of work after which other work gets its turn. */
const TURN_MS = 20;

export interface FileReading {
  readonly form: TextForm;
  readonly text: PlainText;
  readonly records: number;
}

export interface FileRun {
  readonly signal: AbortSignal;
  /** Called after every chunk; false ends the reading early. */
  advanced(storedBytes: number): boolean;
}

/** Throws AppError('job.cancelled') on abort, and what the file throws. */
export const readExport = async (
  file: SourceFile,
  layout: TextLayout,
  handler: RecordHandler,
  run: FileRun,
): Promise<FileReading> => {
  const text = new PlainText(file);
  const cutter = new RecordCutter(layout, handler);
  let turn = performance.now();
  for await (const chunk of text.chunks()) {
    cutter.push(chunk);
    throwIfCancelled(run.signal);
    if (!run.advanced(text.storedBytes)) return { form: cutter.form, text, records: cutter.records };
    if (performance.now() - turn > TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
  }
  cutter.end();
  return { form: cutter.form, text, records: cutter.records };
};

/** From the record `index` on, which begins at `offset` of the plain text, until `isDone` says so. */
export const readFrom = async (
  file: SourceFile,
  layout: TextLayout,
  handler: RecordHandler,
  from: { readonly index: number; readonly offset: number; readonly line: number },
  isPlain: boolean,
  isDone: () => boolean,
): Promise<void> => {
  const cutter = new RecordCutter(layout, handler, from);
  if (isPlain) {
    for await (const chunk of file.open({ start: from.offset })) {
      cutter.push(asBuffer(chunk));
      if (isDone()) return;
    }
  } else {
    let position = 0;
    for await (const chunk of new PlainText(file).chunks()) {
      const skipped = Math.max(0, from.offset - position);
      position += chunk.length;
      if (skipped < chunk.length) cutter.push(chunk.subarray(skipped));
      if (isDone()) return;
    }
  }
  cutter.end();
};
