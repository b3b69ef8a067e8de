// Reads files that are small by their nature (notes, proofs, receipts) whole, up to a stated cap.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { SourceFile } from '../../../../ports/source.ts';

/** Proofs, notes and bundles have a few KiB; with in-toto statements some MiB. */
export const SMALL_BYTES = 16 * 1024 * 1024;
/** What `detect` may look at. */
export const SAMPLE_BYTES = 64 * 1024;

/** @throws AppError('audit.format_mismatch') above `cap` bytes, and what the source throws. */
export const readSmall = async (file: SourceFile, format: string, cap = SMALL_BYTES): Promise<Buffer> => {
  if (file.bytes > cap) {
    const reason = `it is larger than the ${cap / 1024 / 1024} MiB that are read of such a file`;
    throw new AppError('audit.format_mismatch', { name: file.name, format, reason });
  }
  return readUpTo(file, cap);
};

/** The first `limit` bytes, or all where there are fewer. */
export const readUpTo = async (file: SourceFile, limit = SAMPLE_BYTES): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const part of file.open({ start: 0, end: Math.min(file.bytes, limit) })) parts.push(part);
  return Buffer.concat(parts);
};
