// What the result proves and what it leaves open, in sentences that an auditor can quote.
import { baseName, instantText, parseDigestName } from './object-names.ts';
import { isFlat } from './placement.ts';
import { objectOf } from './chain.ts';
import { MAX_DIGEST_BYTES } from './scan.ts';
import type { Scan } from './scan.ts';
import type { MetadataIndex } from './sidecars.ts';
import type { Keyring, UnknownKeys } from './signatures.ts';
import { chainTitle, isProven, isRead } from './trail-model.ts';
import type { Chain, LogItem, Proof, ReadDigest } from './trail-model.ts';
import type { Interval } from './coverage.ts';

/** An organisation has thousands of chains; the first ones stand for the rest. */
const MAX_SENTENCES = 20;
/** Hours by which one region of a trail may lag behind another before it is worth a sentence, in seconds. */
const LAG_SECONDS = 2 * 3600;
/** The AWS CLI looks for keys up to two hours beyond a digest's end. */
const KEY_MARGIN_SECONDS = 2 * 3600;
/** And up to one hour around the time at which a backfill digest was made. */
const BACKFILL_MARGIN_SECONDS = 3600;

export interface Outcome {
  readonly scanned: Scan;
  readonly chains: readonly Chain[];
  readonly logs: readonly LogItem[];
  readonly keyring: Keyring;
  readonly unknown: UnknownKeys;
  readonly uncovered: readonly Interval[];
  readonly records: number;
  readonly skipped: readonly string[];
}

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
const having = (read: readonly ReadDigest[], proof: Proof): ReadDigest[] =>
  read.filter((item) => item.proof === proof);

/** Sentences for the first items, and one that stands for the rest. */
const few = <T>(
  items: readonly T[],
  sentences: (item: T) => readonly string[],
  rest: (count: number) => string,
): string[] => {
  const all = items.slice(0, MAX_SENTENCES).flatMap(sentences);
  const left = items.length - MAX_SENTENCES;
  return left > 0 ? [...all, rest(left)] : all;
};

const chainProves = (chain: Chain): string[] => {
  const read = chain.items.filter(isRead);
  const [first] = read;
  const last = read.at(-1);
  if (first === undefined || last === undefined) return [];
  const signed = having(read, 'signed');
  const linked = having(read, 'linked');
  const sentences: string[] = [];
  if (signed.length > 0) {
    const fingerprints = [...new Set(signed.map((item) => item.file.document.fingerprint))];
    sentences.push(
      `${signed.length} of ${plural(read.length, 'digest file')} of ${chainTitle(chain)}, ${instantText(first.file.document.start)} to ${instantText(last.end)}, carry a signature that fits the published ${fingerprints.length === 1 ? 'key' : 'keys'} ${fingerprints.join(', ')}.`,
    );
  }
  if (first.file.document.previous === null && isProven(first.proof)) {
    sentences.push(
      `The chain of ${chainTitle(chain)} starts at its beginning: its first digest says that it has no predecessor.`,
    );
  }
  if (linked.length > 0)
    sentences.push(
      `${plural(linked.length, 'further digest file')} of ${chainTitle(chain)} ${linked.length === 1 ? 'has' : 'have'} the SHA-256 that a proven later digest names.`,
    );
  for (const item of having(read, 'head'))
    sentences.push(
      `The trusted head is the SHA-256 of the digest ${baseName(item.path)}: it and what it names are as they were when that head was noted.`,
    );
  return sentences;
};

/** What is proven; every sentence holds for the folder as it was read. */
export const provesSentences = (outcome: Outcome): string[] => {
  const { chains, logs, uncovered, records } = outcome;
  const named = logs.filter((log) => log.named.length > 0);
  const verified = named.filter((log) => log.verified);
  const proven = verified.filter((log) => log.named.some(({ digest }) => isProven(digest.proof)));
  const sentences = few(
    chains,
    chainProves,
    (count) =>
      `${plural(count, 'further chain')} of digests ${count === 1 ? 'was' : 'were'} checked in the same way.`,
  );
  if (proven.length > 0)
    sentences.push(
      `${proven.length} of ${plural(named.length, 'log file')} have exactly the SHA-256 that a proven digest names.`,
    );
  if (verified.length > proven.length)
    sentences.push(
      `${verified.length - proven.length} of ${plural(named.length, 'log file')} have the SHA-256 that their digest names, where the digest itself is not proven.`,
    );
  if (verified.length > 0) sentences.push(`Together these log files hold ${plural(records, 'event')}.`);
  const read = chains.flatMap((chain) => chain.items.filter(isRead));
  if (read.length > 0 && uncovered.length === 0) {
    const from = read.reduce((min, item) => Math.min(min, item.file.document.start), Number.MAX_SAFE_INTEGER);
    const to = read.reduce((max, item) => Math.max(max, item.end), 0);
    sentences.push(
      `Digests cover the whole time from ${instantText(from)} to ${instantText(to)}: none is missing in between.`,
    );
  }
  return sentences;
};

const anchorGaps = ({ chains, keyring, unknown }: Outcome): string[] => {
  const sentences: string[] = [];
  if (keyring.byFingerprint.size === 0) {
    sentences.push(
      'Who made the digests: there is no list of public keys. Get it once with "aws cloudtrail list-public-keys --start-time … --end-time … --region …" and give it as the key file.',
    );
  }
  for (const [fingerprint, items] of unknown) {
    const open = items.filter((item) => item.proof === 'no-key');
    const [first] = items;
    const last = items.at(-1);
    if (keyring.byFingerprint.size === 0 || first === undefined || last === undefined) continue;
    const range = `${plural(items.length, 'digest')}, ${instantText(first.file.document.start)} to ${instantText(last.end)}`;
    sentences.push(
      open.length > 0
        ? `The signatures of ${range}: the key with the fingerprint ${fingerprint} is not in the list of public keys.`
        : `The signatures of ${range}, by themselves: the key with the fingerprint ${fingerprint} is not in the list; those digests are proven by the hashes in later ones.`,
    );
  }
  const unsigned = chains.flatMap((chain) => having(chain.items.filter(isRead), 'unsigned'));
  const named = (item: ReadDigest): string => plural(item.file.document.logs.length, 'log file');
  return [
    ...sentences,
    ...few(
      unsigned,
      (item) => [
        `That the digest ${baseName(item.path)} is CloudTrail's: its signature is only in the S3 object's metadata, which did not come along ("aws s3api head-object" prints it). It and the ${named(item)} that it names agree with each other, no more.`,
      ],
      (count) => `The same of ${plural(count, 'further digest')}.`,
    ),
  ];
};

/** When a digest was signed, as far as is known, and how exactly; null for a backfill digest without that time. */
const signedAt = (
  item: ReadDigest,
  metadata: MetadataIndex,
): { readonly at: number; readonly margin: number } | null => {
  if (!item.chain.name.backfill) return { at: item.end, margin: KEY_MARGIN_SECONDS };
  const generated = metadata.find(objectOf(item.file.document), item.path)?.generated ?? null;
  return generated === null ? null : { at: generated, margin: BACKFILL_MARGIN_SECONDS };
};

const keyDoubts = ({ chains, keyring, scanned }: Outcome): string[] => {
  const signed = chains.flatMap((chain) => having(chain.items.filter(isRead), 'signed'));
  const sentences: string[] = [];
  if (signed.length > 0 && !keyring.given) {
    sentences.push(
      `That the public key is AWS's own: it was read from ${scanned.keyLists.map(({ path }) => baseName(path)).join(', ')} in the same folder. Compare it with what "aws cloudtrail list-public-keys" prints, or give that list as the key file.`,
    );
  }
  const outside = signed.filter((item) => {
    const when = signedAt(item, scanned.metadata);
    if (when === null) return false;
    const keys = keyring.byFingerprint.get(item.file.document.fingerprint) ?? [];
    return keys.every(
      ({ validFrom, validTo }) =>
        (validFrom !== null && when.at < validFrom - when.margin) ||
        (validTo !== null && when.at > validTo + when.margin),
    );
  });
  const [first] = outside;
  if (first !== undefined)
    sentences.push(
      `Why ${plural(outside.length, 'digest')}, the first ${baseName(first.path)}, ${outside.length === 1 ? 'was' : 'were'} signed with a key outside the validity that the list of keys gives for it.`,
    );
  return sentences;
};

const timeLimits = ({ chains }: Outcome): string[] => {
  const ends = chains.flatMap((chain) => {
    const last = chain.items.filter(isRead).at(-1);
    return last === undefined ? [] : [{ chain, last }];
  });
  const limitsOf = (chain: Chain): string[] => {
    const read = chain.items.filter(isRead);
    const [first] = read;
    const last = read.at(-1);
    if (first === undefined || last === undefined) return [];
    const before =
      chain.startsAfter === null
        ? []
        : [
            `Anything before ${instantText(first.file.document.start)} in ${chainTitle(chain)}: the folder starts in the middle of its chain.`,
          ];
    return [
      ...before,
      `Anything after ${instantText(last.end)} in ${chainTitle(chain)}: if later digests were left out, nothing here shows it.`,
    ];
  };
  const late: string[] = [];
  for (const same of Map.groupBy(
    ends.filter(({ chain }) => !chain.name.backfill),
    ({ chain: { name } }) => [name.account, name.trail, name.homeRegion, name.organisation].join('|'),
  ).values()) {
    const newest = same.reduce((max, { last }) => Math.max(max, last.end), 0);
    for (const { chain, last } of same) {
      if (newest - last.end >= LAG_SECONDS)
        late.push(
          `Why ${chainTitle(chain)} ends at ${instantText(last.end)} while other regions of the same trail go on to ${instantText(newest)}.`,
        );
    }
  }
  return [
    ...few(chains, limitsOf, (count) => `The same of ${plural(count, 'further chain')} of digests.`),
    ...few(
      late,
      (sentence) => [sentence],
      (count) => `The same of ${plural(count, 'further region')}.`,
    ),
  ];
};

const otherLimits = ({ chains, scanned, skipped }: Outcome): string[] => {
  const placed = chains
    .flatMap((chain) => chain.items.filter(isRead))
    .map((item) => ({ path: item.path, object: objectOf(item.file.document) }));
  const backfill = chains.some((chain) => chain.name.backfill);
  const others = scanned.others.length;
  return [
    ...(isFlat(placed)
      ? ['Where the digests stood in the bucket: their folders were dropped when they were copied.']
      : []),
    ...(backfill
      ? ['When the backfill digests were made: their generation time is in S3 metadata and is not signed.']
      : []),
    ...few(
      scanned.tooLarge,
      (name) => [
        `What ${baseName(name)} says: it is larger than ${MAX_DIGEST_BYTES / 1_048_576} MiB and was not read. If it holds metadata or keys, split it.`,
      ],
      (count) => `The same of ${plural(count, 'further file')}.`,
    ),
    ...(others > 0
      ? [
          `Anything about ${plural(others, 'other file')} in the folder: ${others === 1 ? 'it is' : 'they are'} neither log, digest, key list nor metadata.`,
        ]
      : []),
    ...(skipped.length > 0
      ? [
          `Anything about ${plural(skipped.length, 'link or device', 'links or devices')} in the folder: they were not followed.`,
        ]
      : []),
    'That everything was recorded: events that the trail does not select are in no log file, and what CloudTrail was told is taken as it is.',
  ];
};

/** What is left open, the weightiest first. */
export const doesNotProveSentences = (outcome: Outcome): string[] => {
  const none = outcome.chains.every((chain) => !chain.items.some(isRead));
  const start = none
    ? [
        'Anything about the log files: there is no readable digest in the folder, and without digests nothing proves a CloudTrail log.',
      ]
    : [];
  return [
    ...start,
    ...anchorGaps(outcome),
    ...keyDoubts(outcome),
    ...timeLimits(outcome),
    ...otherLimits(outcome),
  ];
};

/** One line on what was looked at. */
export const dialectText = ({ chains, logs }: Outcome): string => {
  const read = chains.flatMap((chain) => chain.items.filter((item) => item.file !== null));
  const backfill = read.filter((item) => parseDigestName(item.path)?.backfill === true).length;
  const extra = backfill > 0 ? ` (${backfill} backfill)` : '';
  return `${plural(chains.length, 'chain')} of digests: ${plural(read.length, 'digest file')}${extra}, ${plural(logs.filter((log) => log.file !== null).length, 'log file')}`;
};
