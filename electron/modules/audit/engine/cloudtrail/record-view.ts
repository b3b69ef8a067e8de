// One log or digest file under the lens: what it holds, what was named for it, and the exact bytes that were hashed.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Finding, RecordView } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { Verified, VerifyOptions } from '../format.ts';
import { parseDigest, stringToSign } from './digest-document.ts';
import type { DigestDocument, LogEntry } from './digest-document.ts';
import { MAX_LOG_BYTES } from './check-logs.ts';
import { inflateObject } from './gzip-member.ts';
import { gatherKeys } from './keyring.ts';
import { baseName, objectBaseName } from './object-names.ts';
import { signatureFits } from './public-keys.ts';
import { MAX_DIGEST_BYTES, PROBLEM_TEXT, ReadLog, scanSidecars } from './scan.ts';
import type { Item } from './trail-model.ts';

/** Shown of a record, bytes. */
const RAW_BYTES = 64 * 1024;
/** Numbers kept for each listed item. */
const FIELDS = 3;

/**
 * Where each listed item is found again. First the number of logs, then three numbers for each item: its file's position
 * in the source + 1 (0 = absent); for a log the file of the digest that names it + 1 and its place in that digest's list
 * + 1; for a digest the files of its successor + 1 and of its predecessor + 1.
 */
export const locatorOf = (items: readonly Item[]): Verified['locator'] => {
  const offsets: number[] = [items.filter((item) => item.type === 'log').length];
  for (const item of items) {
    if (item.type === 'log') {
      const [named] = item.named;
      offsets.push(
        (item.fileIndex ?? -1) + 1,
        (named?.digest.file?.fileIndex ?? -1) + 1,
        (named?.ordinal ?? -1) + 1,
      );
    } else {
      offsets.push(
        (item.file?.fileIndex ?? -1) + 1,
        (item.next?.file?.fileIndex ?? -1) + 1,
        (item.previous?.file?.fileIndex ?? -1) + 1,
      );
    }
  }
  return { every: 1, offsets };
};

type Check = RecordView['checks'][number];

interface Content {
  readonly path: string;
  readonly sha256: string | null;
  readonly trailing: number;
  readonly problem: string | null;
  readonly head: Buffer;
  readonly bytes: number;
  readonly document: DigestDocument | null;
}

const cut = (text: string): string => (text.length > RAW_BYTES ? text.slice(0, RAW_BYTES) : text);

const readContent = async (
  source: Source,
  position: number,
  wholeDigest: boolean,
): Promise<Content | null> => {
  const file = source.files[position - 1];
  if (file === undefined) return null;
  const pieces: Uint8Array[] = [];
  let kept = 0;
  const inflated = await inflateObject(file, {
    maxBytes: wholeDigest ? MAX_DIGEST_BYTES : MAX_LOG_BYTES,
    signal: new AbortController().signal,
    onData: (piece) => {
      if (wholeDigest || kept < RAW_BYTES)
        pieces.push(wholeDigest ? piece : piece.subarray(0, RAW_BYTES - kept));
      kept += piece.length;
    },
  });
  const content = Buffer.concat(pieces);
  const parsed = wholeDigest && inflated.problem === null ? parseDigest(content) : null;
  return {
    path: file.name,
    sha256: inflated.sha256,
    trailing: inflated.trailing,
    problem: inflated.problem === null ? null : PROBLEM_TEXT[inflated.problem],
    head: content.subarray(0, RAW_BYTES),
    bytes: inflated.inflatedBytes,
    document: parsed !== null && 'document' in parsed ? parsed.document : null,
  };
};

const fileChecks = (content: Content): Check[] => [
  { name: 'readable', stored: null, recomputed: content.problem, ok: content.problem === null, hashed: null },
  {
    name: 'nothing after the gzip member',
    stored: '0',
    recomputed: String(content.trailing),
    ok: content.trailing === 0,
    hashed: null,
  },
];

const hashedText = (content: Content): string | null =>
  content.bytes > RAW_BYTES ? null : content.head.toString('utf8');

const logChecks = (content: Content | null, entry: LogEntry | null): Check[] => {
  const hash: Check = {
    name: 'log hash',
    stored: entry?.hash ?? null,
    recomputed: content?.sha256 ?? null,
    ok: entry !== null && content?.sha256 === entry.hash,
    hashed: content === null ? null : hashedText(content),
  };
  return content === null ? [hash] : [hash, ...fileChecks(content)];
};

const signatureChecks = async (
  source: Source,
  content: Content,
  next: Content | null,
  options: VerifyOptions,
): Promise<Check[]> => {
  const { document, sha256 } = content;
  if (document === null || sha256 === null) return [];
  const scanned = await scanSidecars(
    source,
    objectBaseName(document.key),
    new ReadLog(source, { signal: new AbortController().signal, progress: () => undefined }),
  );
  const keys =
    gatherKeys(scanned, options.keys, options.keysGiven).byFingerprint.get(document.fingerprint) ?? [];
  const signed = stringToSign(document, sha256);
  const own = scanned.metadata.find(`${document.bucket}/${document.key}`, content.path)?.signature ?? null;
  const copies = [
    ['digest signature (S3 metadata)', own],
    ['digest signature (next digest)', next?.document?.previousSignature ?? null],
  ] as const;
  const found = copies.filter(([, signature]) => signature !== null);
  const check = (name: string, signature: string | null): Check => ({
    name,
    stored: signature,
    recomputed: keys.length === 0 ? null : `key ${document.fingerprint}`,
    ok: signature !== null && keys.some((key) => signatureFits(key, signed, signature)),
    hashed: cut(signed),
  });
  return found.length === 0
    ? [check('digest signature', null)]
    : found.map(([name, signature]) => check(name, signature));
};

const successorCheck = (content: Content | null, next: Content | null): Check[] => {
  const named = next?.document?.previous;
  if (named === undefined || named === null) return [];
  const ok = content !== null && named.hash === content.sha256;
  return [
    {
      name: 'digest hash in the next digest',
      stored: named.hash,
      recomputed: content?.sha256 ?? null,
      ok,
      hashed: content === null ? null : hashedText(content),
    },
  ];
};

const digestChecks = async (
  source: Source,
  content: Content,
  next: Content | null,
  previous: Content | null,
  findings: readonly Finding[],
  options: VerifyOptions,
): Promise<Check[]> => {
  const checks = [
    ...(await signatureChecks(source, content, next, options)),
    ...successorCheck(content, next),
  ];
  const { document } = content;
  if (document !== null && document.previous !== null) {
    const { hash } = document.previous;
    checks.push({
      name: 'previous digest hash',
      stored: hash,
      recomputed: previous?.sha256 ?? null,
      ok: previous?.sha256 === hash,
      hashed: previous === null ? null : hashedText(previous),
    });
  }
  if (document !== null) {
    // Only the whole folder tells whether a place is right: the verification did that.
    const ok = !findings.some((finding) => finding.kind === 'DIGEST_MOVED');
    checks.push({
      name: 'place',
      stored: `${document.bucket}/${document.key}`,
      recomputed: content.path,
      ok,
      hashed: null,
    });
  }
  return [...checks, ...fileChecks(content)];
};

const fieldsOf = (
  content: Content | null,
  entry: LogEntry | null,
  digestPath: string | null,
): RecordView['fields'] => {
  const { document } = content ?? {};
  const pairs: readonly (readonly [string, string | number | null | undefined])[] =
    document === undefined || document === null
      ? [
          ['object', entry === null ? null : `${entry.bucket}/${entry.key}`],
          ['named by', digestPath === null ? null : baseName(digestPath)],
          ['bytes (inflated)', content?.bytes],
        ]
      : [
          ['object', `${document.bucket}/${document.key}`],
          ['digestEndTime', document.endText],
          ['logFiles', document.logs.length],
          ['digestPublicKeyFingerprint', document.fingerprint],
          ['digestSignatureAlgorithm', document.signatureAlgorithm],
          ['previousDigestS3Object', document.previous?.key ?? 'null'],
        ];
  return pairs.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [{ name, value: String(value) }],
  );
};

const findingsAt = (findings: readonly Finding[], index: number): Finding[] =>
  findings.filter(
    (finding) =>
      finding.index !== undefined && index >= finding.index && index < finding.index + (finding.count ?? 1),
  );

/**
 * Shows the item at `index` of the listing (logs by time, then digests). Reads only the files that bear on it.
 * @throws AppError('audit.no_such_record')
 */
export const viewRecord = async (
  source: Source,
  verified: Verified,
  index: number,
  options: VerifyOptions,
): Promise<RecordView> => {
  const [logCount = 0, ...places] = verified.locator.offsets;
  const [own, second, third] = places.slice(index * FIELDS, index * FIELDS + FIELDS);
  if (
    !Number.isSafeInteger(index) ||
    index < 0 ||
    own === undefined ||
    second === undefined ||
    third === undefined
  ) {
    throw new AppError('audit.no_such_record', { index, last: Math.max(0, places.length / FIELDS - 1) });
  }
  const isLog = index < logCount;
  const findings = findingsAt(verified.report.findings, index);
  const content = await readContent(source, own, !isLog);
  const related = await readContent(source, second, true);
  const entry = isLog ? (related?.document?.logs[third - 1] ?? null) : null;
  const checks = isLog
    ? logChecks(content, entry)
    : content === null
      ? successorCheck(null, related)
      : await digestChecks(
          source,
          content,
          related,
          await readContent(source, third, true),
          findings,
          options,
        );
  return {
    index,
    line: null,
    byteOffset: null,
    path: content?.path ?? (entry === null ? (findings[0]?.path ?? null) : `${entry.bucket}/${entry.key}`),
    raw: content?.head.toString('utf8') ?? '',
    rawTruncated: (content?.bytes ?? 0) > RAW_BYTES,
    fields: fieldsOf(content, entry, isLog ? (related?.path ?? null) : null),
    checks,
    findings,
  };
};
