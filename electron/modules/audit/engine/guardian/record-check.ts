// Checks the hashes of one Guardian record and, where they differ, finds out which of them was altered and whether a
// harmless re-writing explains it.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Place } from '../lines/record-stream.ts';
import { placed, quoted } from '../lines/unread-records.ts';
import { sha256Text } from './hashed-record.ts';
import type { HashedRecordReader } from './hashed-record.ts';
import type { Link } from './link-tracker.ts';
import type { LogNotes } from './log-notes.ts';
import type { OpenBorder } from './packed-links.ts';

/** SHA-256 over the ASCII of both hashes; a first record's chain hash is its event hash. */
export const chainHashOf = (parent: string | null, event: string): string =>
  parent === null ? event : sha256Text(parent + event);

/** The three stored hashes of a record; an empty previous hash means none, as for Guardian. */
export interface StoredHashes {
  readonly event: string;
  readonly chain: string;
  readonly parent: string | null;
}

const UPPER_DIGEST = /^(?=.*[A-F])[0-9A-F]{64}$/;

const lowered = (hash: string): string => (UPPER_DIGEST.test(hash) ? hash.toLowerCase() : hash);

export const storedHashes = (reader: HashedRecordReader): StoredHashes => ({
  event: reader.stored(0) ?? '',
  chain: reader.stored(1) ?? '',
  parent: reader.stored(2) || null,
});

const PARENT_ALTERED =
  'The stored previous_hash was altered: the chain hash was made with the record before as parent.';
const UNFIT =
  'The chain hash does not follow from the record’s own previous_hash and event_hash: one of the three was altered after the record was written.';

/** What the record before it, once known, says of a part's first record. */
export const settleBorder = (
  border: OpenBorder,
  lastChain: string,
): { readonly isParentAltered: boolean; readonly message: string } => {
  const isParentAltered = lastChain !== '' && chainHashOf(lastChain, border.event) === border.chain;
  return { isParentAltered, message: isParentAltered ? PARENT_ALTERED : UNFIT };
};

/**
 * Checks the record that `notes` has just read; `lastChain` is the chain hash of the record before it, '' for the first
 * of a log, null where that record lies in another part.
 */
export const checkRecord = (notes: LogNotes, place: Place, lastChain: string | null): Link => {
  const { reader } = notes;
  const stored = storedHashes(reader);
  const chainFits = chainHashOf(stored.parent, stored.event) === stored.chain;
  if (chainFits && reader.recomputed === stored.event) return linkOf(reader, stored, true);
  return diagnose(notes, place, lastChain, stored);
};

const diagnose = (notes: LogNotes, place: Place, lastChain: string | null, given: StoredHashes): Link => {
  const { reader } = notes;
  const stored: StoredHashes = {
    event: lowered(given.event),
    chain: lowered(given.chain),
    parent: given.parent === null ? null : lowered(given.parent),
  };
  const own = reader.recomputed;
  const link = linkOf(reader, stored, false);
  const isUpper =
    stored.event !== given.event || stored.chain !== given.chain || stored.parent !== given.parent;
  const eventFits = own === stored.event;
  const computed = chainHashOf(stored.parent, stored.event);
  if (isUpper && eventFits && computed === stored.chain) {
    const message = 'The hashes stand in upper case; in lower case, as they were hashed, they match.';
    notes.report({ kind: 'REPAIRED', verdict: 'MISMATCH_EXPLAINED', ...placed(place), message });
    return link;
  }
  if (computed === stored.chain) {
    notes.judge(place, stored.event);
    return link;
  }
  // The chain hash proves what was hashed into it, so it can clear the content, or name the parent.
  if (!eventFits && chainHashOf(stored.parent, own) === stored.chain) {
    notes.report({
      kind: 'EVENT_HASH_MISMATCH',
      verdict: 'TAMPERED',
      ...placed(place),
      expected: quoted(stored.event),
      actual: own,
      message:
        'The stored event_hash was altered; the content is the original, because it fits the chain hash.',
    });
    return link;
  }
  if (!eventFits) notes.judge(place, stored.event);
  const parent = [lastChain || null, null].find(
    (candidate) => chainHashOf(candidate, stored.event) === stored.chain,
  );
  const isParentAltered = parent !== undefined;
  const finding: Finding = {
    kind: 'CHAIN_HASH_MISMATCH',
    verdict: 'TAMPERED',
    ...placed(place),
    expected: quoted(stored.chain),
    actual: quoted(computed),
    message: isParentAltered ? PARENT_ALTERED : UNFIT,
  };
  if (lastChain === null && !isParentAltered) {
    notes.reportOpen(finding);
    const border = { event: stored.event, chain: stored.chain, computed };
    return { ...link, computed, isTrusted: false, border };
  }
  notes.report(finding);
  return isParentAltered ? { ...link, parent } : { ...link, computed, isTrusted: false };
};

const linkOf = (reader: HashedRecordReader, stored: StoredHashes, isDigest: boolean): Link => ({
  id: reader.id,
  chain: stored.chain,
  isDigest,
  computed: null,
  parent: stored.parent,
  isTrusted: true,
});
