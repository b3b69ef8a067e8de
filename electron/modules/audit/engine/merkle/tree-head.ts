// Signed tree heads of certificate transparency logs, as `get-sth` answers them: who signed which root, and when.
import type { KeyObject } from 'node:crypto';
import type { Detection } from '../../../../../shared/model/audit.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Source } from '../../../../ports/source.ts';
import type { AuditFormat, EngineRun, KeyFile, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { onlyFile } from '../lines/read-log.ts';
import { isTreeHeadSigned, safely } from '../signed-note/check-note.ts';
import type { TreeHead } from '../signed-note/check-note.ts';
import { readCompanions } from '../signed-note/companions.ts';
import { instantOf } from '../signed-note/judge-note.ts';
import { readKeys, TYPE } from '../signed-note/keys.ts';
import { fromBase64 } from './base64.ts';
import { conclude, documentRecord } from './conclude.ts';
import { isFields, parseJson } from './json-text.ts';
import { TREE_HEAD_METHOD } from './method.ts';
import { hex } from './sha256.ts';
import { readSmall, readUpTo } from './small-file.ts';

const ID = 'ct-tree-head';
const TITLE = 'Signed tree head (RFC 6962)';
const HEAD_BYTES = 1024 * 1024;

interface SignedHead extends TreeHead {
  readonly signature: Buffer;
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** null where the JSON is none; text where it is one and broken. */
const readHead = (value: unknown): SignedHead | string | null => {
  if (!isFields(value) || !('sha256_root_hash' in value) || !('tree_head_signature' in value)) return null;
  const { tree_size: size, timestamp: time, sha256_root_hash: rootText, tree_head_signature: signed } = value;
  if (!isCount(size) || !isCount(time)) return 'size or timestamp is no whole number';
  const root = typeof rootText === 'string' ? fromBase64(rootText) : null;
  const signature = typeof signed === 'string' ? fromBase64(signed) : null;
  if (root?.length !== 32) return 'the root is no SHA-256 digest in base64';
  return signature === null ? 'the signature is not valid base64' : { size, time, root, signature };
};

const keysIn = (files: readonly KeyFile[]): readonly KeyObject[] =>
  readKeys(files).keys.flatMap(({ type, key }) => (type === TYPE.rfc6962 && key !== null ? [key] : []));

const isSignedBy = (head: SignedHead, keys: readonly KeyObject[]): boolean =>
  keys.some((key) => safely(() => isTreeHeadSigned(head, head.signature, key)));

const wordsOf = ({ size, root, time }: SignedHead): string =>
  `${size} entries with the root ${hex(root)} at ${instantOf(Math.floor(time / 1000)) ?? String(time)}`;

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const file = onlyFile(source, ID);
  const head = readHead(parseJson(await readSmall(file, ID, HEAD_BYTES)));
  if (head === null) {
    const reason = 'it has not the fields of a signed tree head';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  const { given } = await readCompanions(source, options, ID, () => false);
  const keys = keysIn(given);
  const findings = new FindingList();
  const at = { index: 0, path: file.name } as const;
  const proves: string[] = [];
  let anchored = false;
  if (typeof head === 'string') {
    const message = `The tree head can not be read: ${head}.`;
    findings.add({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', ...at, message });
  } else if (keys.length === 0) {
    const message = 'The public key of the log is needed to check the signature of the tree head.';
    findings.add({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', ...at, message });
  } else if (isSignedBy(head, keys)) {
    anchored = true;
    proves.push(`The log signed ${wordsOf(head)}.`);
  } else {
    const message =
      'None of the keys given signed this tree head: size, time, root or signature was altered.';
    findings.add({ kind: 'SIGNATURE_INVALID', verdict: 'TAMPERED', ...at, message });
  }
  if (typeof head !== 'string') {
    for (const { name, bytes } of given) {
      const other = bytes[0] === 0x7b ? readHead(parseJson(bytes)) : null;
      if (
        other === null ||
        typeof other === 'string' ||
        other.size !== head.size ||
        other.root.equals(head.root)
      )
        continue;
      if (!keys.some((key) => isSignedBy(head, [key]) && isSignedBy(other, [key]))) continue;
      const message = `The log signed two histories: here ${wordsOf(head)}, and in ${name} ${wordsOf(other)}.`;
      findings.add({ kind: 'FORK', verdict: 'FORK', ...at, message });
    }
    for (const trusted of options.trustedHeads) {
      if (trusted === hex(head.root)) continue;
      const message = 'The trusted root is not the root of this tree head.';
      findings.add({ kind: 'HEAD_MISMATCH', verdict: 'TAMPERED', ...at, expected: trusted, message });
    }
  }
  return conclude(source, options, run, began, {
    format: ID,
    base: 'INTACT',
    anchored,
    records: 1,
    findings,
    head: typeof head === 'string' ? null : hex(head.root),
    proves,
    doesNotProve: ['What the log holds: a tree head commits to its entries, but does not show them.'],
  });
};

/** `get-sth` of RFC 6962 section 4.3. Design: audit.md section 3.3. */
export const treeHead: AuditFormat = {
  id: ID,
  title: TITLE,
  summary: 'Tree heads that a certificate transparency log signed (get-sth), with the log’s key.',
  method: TREE_HEAD_METHOD,
  detect: async (source): Promise<Detection | null> => {
    const [file, ...others] = source.files;
    if (file === undefined || others.length > 0 || file.bytes > HEAD_BYTES) return null;
    const head = readHead(parseJson(await readUpTo(file)));
    const reason = 'It has the fields of a signed tree head.';
    return head === null ? null : { format: ID, title: TITLE, confidence: 0.95, reason };
  },
  verify,
  record: (source, verified, index) => documentRecord(source.files, verified, index),
};
