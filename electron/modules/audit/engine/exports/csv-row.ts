// One row of CSV in fields, as RFC 4180 has it: quotes around a field, doubled inside it.
import type { RecordContext } from './event.ts';
import type { JsonObject } from './record-values.ts';

const QUOTE = '"';

/** The fields of a row; a text says what is wrong with it. Spaces stay as they are. */
export const csvFields = (row: string, delimiter: string): string[] | string => {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (row[at] === QUOTE) {
      let text = '';
      at += 1;
      for (;;) {
        const end = row.indexOf(QUOTE, at);
        if (end < 0) return 'a quoted field has no closing quote';
        text += row.slice(at, end);
        at = end + 1;
        if (row[at] !== QUOTE) break;
        text += QUOTE;
        at += 1;
      }
      fields.push(text);
      if (at === row.length) return fields;
      if (row[at] !== delimiter) return 'text follows the closing quote of a field';
    } else {
      const end = row.indexOf(delimiter, at);
      if (end < 0) {
        fields.push(row.slice(at));
        return fields;
      }
      fields.push(row.slice(at, end));
      at = end;
    }
    at += 1;
  }
};

/** A row as an object by its columns; a text says why it is none. Of two columns of one name the first counts. */
export const csvObject = (row: string, { header, delimiter }: RecordContext): JsonObject | string => {
  if (header === null) return 'there is no line that names the columns';
  const fields = csvFields(row, delimiter);
  if (typeof fields === 'string') return fields;
  if (fields.length !== header.length)
    return `it has ${fields.length} fields, and the first line names ${header.length}`;
  const record: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [at, name] of header.entries()) if (!(name in record)) record[name] = fields[at] ?? '';
  return record;
};

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** The delimiter that cuts the first rows into the most fields, the same number in each. */
export const delimiterOf = (rows: readonly string[]): string => {
  let best: { readonly delimiter: string; readonly score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const counts = rows.map((row) => {
      const fields = csvFields(row, delimiter);
      return typeof fields === 'string' ? 0 : fields.length;
    });
    const columns = counts[0] ?? 0;
    if (columns < 2) continue;
    const score = columns * counts.filter((count) => count === columns).length;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
};
