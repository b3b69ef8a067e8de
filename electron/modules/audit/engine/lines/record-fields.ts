// A record as the record view shows it: raw text, and one line for each field.
import { writeCanonical } from '../../../../../shared/chain/python-canonical.ts';
import type { PyDict } from '../../../../../shared/chain/python-json.ts';
import type { Finding, RecordView, VerificationReport } from '../../../../../shared/model/verdict.ts';
import type { SourceFile } from '../../../../ports/source.ts';
import type { FoundRecord } from './locator.ts';
import { textFrom } from './locator.ts';

/** Longer texts are cut, in bytes of raw text and in characters of fields and hashed text. */
export const VIEW_LIMIT = 64 * 1024;

export const cutText = (text: string): string =>
  text.length > VIEW_LIMIT ? text.slice(0, VIEW_LIMIT) : text;

type Raw = Pick<RecordView, 'raw' | 'rawTruncated'>;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The record as it stands in the file; bytes that are no UTF-8 are shown as U+FFFD. */
export const rawOf = async (file: SourceFile, found: FoundRecord): Promise<Raw> => {
  if (found.bytes !== null) {
    const length = found.bytes.length - 1;
    return {
      raw: decoder.decode(found.bytes.subarray(0, Math.min(length, VIEW_LIMIT))),
      rawTruncated: length > VIEW_LIMIT,
    };
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of textFrom(file, found.place.offset)) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= VIEW_LIMIT) break;
  }
  return { raw: decoder.decode(Buffer.concat(parts).subarray(0, VIEW_LIMIT)), rawTruncated: true };
};

export const fieldsOf = (dict: PyDict): RecordView['fields'] =>
  [...dict.members].map(([name, value]) => ({
    name,
    value: cutText(typeof value === 'string' ? value : writeCanonical(value)),
  }));

/** The findings of a report that speak of the record. */
export const findingsOf = (report: VerificationReport, index: number): Finding[] =>
  report.findings.filter(
    (f) => f.index !== undefined && index >= f.index && index < f.index + (f.count ?? 1),
  );
