// One line of a secure log under the lens: its number, and the entry decrypted where the key is there.
import type { RecordView } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { KeyFile, Verified, VerifyOptions } from '../format.ts';
import { keyFilesOf } from '../journald/key-files.ts';
import { findRecords, requireRecord } from '../lines/locator.ts';
import { onlyFile } from '../lines/read-log.ts';
import { cutText, findingsOf, rawOf } from '../lines/record-fields.ts';
import { MAX_JUMP } from './counters.ts';
import { KeyChain, readSlogKeys } from './key-chain.ts';
import { parseSlogLine } from './line.ts';
import { decryptBody } from './slog-pass.ts';

const ID = 'syslog-ng-slog';

/** The line decrypted with the key of its number, or of its place; null without a fitting key. */
const openWith = (files: readonly KeyFile[], number: number, body: Buffer, index: number): Buffer | null => {
  const { keys } = readSlogKeys(files);
  for (const key of keys) {
    for (const wanted of [number, index]) {
      if (wanted < key.counter || wanted - key.counter > MAX_JUMP * 10) continue;
      const own = new KeyChain(key).at(wanted);
      const plain = own === null ? null : decryptBody(own, body);
      if (plain !== null) return plain;
    }
  }
  return null;
};

export const viewLine = async (
  source: Source,
  verified: Verified,
  index: number,
  options: VerifyOptions,
): Promise<RecordView> => {
  requireRecord(verified, index);
  const file = onlyFile(source, ID);
  const [found] = await findRecords(file, verified.locator, index, index);
  const findings = findingsOf(verified.report, index);
  if (found === undefined) {
    const nothing = { raw: '', rawTruncated: false, fields: [], checks: [] };
    return { index, line: null, byteOffset: null, path: null, ...nothing, findings };
  }
  const line =
    found.bytes === null ? null : parseSlogLine(found.bytes.toString('latin1', 0, found.bytes.length - 1));
  const fields: { name: string; value: string }[] = [];
  const checks: RecordView['checks'] = [];
  if (line !== null) {
    if (line.prefix !== '') fields.push({ name: 'prefix (not protected)', value: cutText(line.prefix) });
    fields.push({ name: 'number', value: line.counter === null ? 'can not be read' : String(line.counter) });
    const files = await keyFilesOf(options, ID);
    const plain = line.counter === null ? null : openWith(files, line.counter, line.body, index);
    if (plain !== null) fields.push({ name: 'entry (decrypted)', value: cutText(plain.toString('utf8')) });
    checks.push({
      name: 'AES-256-GCM tag',
      stored: line.body.toString('hex', 12, 28),
      recomputed: null,
      ok: plain !== null,
      hashed: null,
    });
  }
  return {
    index,
    line: found.place.line || null,
    byteOffset: found.place.offset,
    path: null,
    ...(await rawOf(file, found)),
    fields,
    checks,
    findings,
  };
};
