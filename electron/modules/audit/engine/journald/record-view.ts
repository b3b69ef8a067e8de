// One journal entry under the lens: its fields as journalctl exports them, and the checks that speak of it.
import type { Finding, RecordView } from '../../../../../shared/model/verdict.ts';
import { NONE, entryHead, readEntries } from './entries.ts';
import { timeText } from './file-report.ts';
import type { JournalBytes, JournalHeader } from './layout.ts';
import { hashHex, jenkinsHash, sipHash } from './object-hash.ts';
import { ObjectChecker } from './objects.ts';
import type { Walk } from './object-walk.ts';

const LIMIT = 64 * 1024;

const cut = (text: string): string => (text.length > LIMIT ? text.slice(0, LIMIT) : text);

export const viewEntry = (
  opened: { readonly bytes: JournalBytes; readonly header: JournalHeader; readonly walk: Walk },
  row: number,
  place: { readonly index: number; readonly path: string | null },
  findings: Finding[],
): RecordView => {
  const { bytes, header, walk } = opened;
  const { objects } = walk;
  const table = readEntries(bytes, header, objects);
  const object = table.entryObjects[row];
  if (object === undefined)
    return {
      ...place,
      line: null,
      byteOffset: null,
      raw: '',
      rawTruncated: false,
      fields: [],
      checks: [],
      findings,
    };
  const at = objects.at(object);
  const head = entryHead(bytes, at);
  const checker = new ObjectChecker(bytes, header, objects);
  const fields: { name: string; value: string }[] = [
    { name: '__SEQNUM', value: String(head.seqnum) },
    { name: '__REALTIME_TIMESTAMP', value: `${head.realtime} (${timeText(head.realtime)})` },
    { name: '__MONOTONIC_TIMESTAMP', value: String(head.monotonic) },
    { name: '_BOOT_ID', value: head.bootId },
  ];
  const checks: RecordView['checks'] = [];
  const lines: string[] = [];
  for (let k = table.itemStart[row] as number; k < (table.itemStart[row + 1] as number); k += 1) {
    const data = table.items[k] as number;
    const number = k - (table.itemStart[row] as number);
    if (data === NONE) {
      fields.push({ name: `field ${number}`, value: '(can not be found)' });
      continue;
    }
    const dataObject = table.dataObjects[data] as number;
    const content = checker.content(dataObject);
    const where = objects.at(dataObject);
    if (content === null) {
      fields.push({ name: `field ${number}`, value: '(can not be read)' });
      continue;
    }
    const text = content.toString('utf8', 0, Math.min(content.length, LIMIT));
    const split = text.indexOf('=');
    const name = split < 0 ? `field ${number}` : text.slice(0, split);
    lines.push(text);
    fields.push({ name, value: text.slice(split + 1) });
    const hash = { lo: 0, hi: 0 };
    if (header.isKeyed) sipHash(bytes.buffer.subarray(24, 40), content, 0, content.length, hash);
    else jenkinsHash(content, 0, content.length, hash);
    const stored = hashHex(bytes.u32(where + 16), bytes.u32(where + 20));
    const recomputed = hashHex(hash.lo, hash.hi);
    checks.push({
      name: `hash of ${name}`,
      stored,
      recomputed,
      ok: stored === recomputed,
      hashed: cut(text),
    });
  }
  const raw = lines.join('\n');
  return {
    ...place,
    line: null,
    byteOffset: at,
    raw: cut(raw),
    rawTruncated: raw.length > LIMIT,
    fields,
    checks,
    findings,
  };
};
