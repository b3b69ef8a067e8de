// Names what differs between the entries of a bundle and the hashes of its tile: edited, missing, added or moved entries.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { hex } from '../merkle/sha256.ts';
import type { Leaves } from './layout.ts';

export interface Pair {
  readonly entries: Leaves;
  readonly tile: Leaves;
  /** Index of the bundle's first leaf. */
  readonly first: number;
  /** Leaves that belong to the tree. */
  readonly need: number;
  /** What is at fault, as the level above tells; null = it can't be told. */
  readonly fault: 'entries' | 'tile' | null;
}

const EMPTY = Buffer.alloc(0);

/** The same number on both sides: each slot on its own, moved entries told from edited ones. */
const slotFindings = ({ entries, tile, first, need, fault }: Pair): Finding[] => {
  const findings: Finding[] = [];
  const slots = new Map(tile.hashes.slice(0, need).map((hash, slot) => [hex(hash), slot]));
  for (let slot = 0; slot < need; slot += 1) {
    const actual = hex(entries.hashes[slot] ?? EMPTY);
    const expected = hex(tile.hashes[slot] ?? EMPTY);
    if (actual === expected) continue;
    const index = first + slot;
    const from = slots.get(actual);
    // Moved, unless the entry still stands at its own place: then this is a copy over another one.
    if (fault === 'tile') {
      const message = `Slot ${slot} of ${tile.path} is not the hash of entry ${index}, and the tile does not lead to its hash in the level above, while the entries do: the tile was altered, the entry was not.`;
      const hashes = { expected: actual, actual: expected };
      findings.push({
        kind: 'CHAIN_HASH_MISMATCH',
        verdict: 'TAMPERED',
        index,
        path: tile.path,
        ...hashes,
        message,
      });
    } else if (from !== undefined && hex(entries.hashes[from] ?? EMPTY) !== actual) {
      const message = `The entry at ${index} is the one that the tile has at ${first + from}: it was moved.`;
      const at = { index, ofIndex: first + from, path: entries.path, expected, actual };
      findings.push({ kind: 'REORDERED', verdict: 'TAMPERED', ...at, message });
    } else {
      const why =
        fault === 'entries'
          ? 'the tile agrees with the level above, so the entry was altered'
          : 'the entry or the tile was altered';
      const message = `Entry ${index} does not have the hash in slot ${slot} of ${tile.path}: ${why}.`;
      const at = { index, path: entries.path, expected, actual };
      findings.push({ kind: 'EVENT_HASH_MISMATCH', verdict: 'TAMPERED', ...at, message });
    }
  }
  return findings;
};

/** Another number of entries: walks both sides, matching hash by hash. */
const shiftedFindings = ({ entries, tile, first, need }: Pair): Finding[] => {
  const findings: Finding[] = [];
  const present = new Set(entries.hashes.map(hex));
  const known = new Set(tile.hashes.slice(0, need).map(hex));
  for (const [slot, hash] of tile.hashes.slice(0, need).entries()) {
    if (present.has(hex(hash))) continue;
    const index = first + slot;
    const message = `Entry ${index} is missing from ${entries.path}: its hash stands in ${tile.path}, so it was there.`;
    findings.push({
      kind: 'GAP',
      verdict: 'TAMPERED',
      index,
      path: entries.path,
      expected: hex(hash),
      message,
    });
  }
  for (const [slot, hash] of entries.hashes.entries()) {
    if (known.has(hex(hash))) continue;
    const index = first + slot;
    const message = `Entry ${slot} of ${entries.path} has no place in the tree: its hash is not in ${tile.path}, so it was added or altered.`;
    const at = { index, path: entries.path, actual: hex(hash) };
    findings.push({ kind: 'EVENT_HASH_MISMATCH', verdict: 'TAMPERED', ...at, message });
  }
  if (findings.length > 0) return findings;
  const message = `${entries.path} holds ${entries.hashes.length} entries where the tree has ${need}: some stand twice.`;
  return [{ kind: 'DUPLICATE', verdict: 'TAMPERED', index: first, path: entries.path, message }];
};

/** [] where the first `need` leaves agree. */
export const differences = (pair: Pair): Finding[] => {
  const { entries, need } = pair;
  const length = Math.min(entries.hashes.length, need);
  const isShifted =
    entries.hashes.length < need || (entries.problem !== null && entries.hashes.length > need);
  if (isShifted && pair.fault !== 'tile') {
    const same = entries.hashes
      .slice(0, length)
      .every((hash, i) => pair.tile.hashes[i]?.equals(hash) === true);
    if (!(same && entries.hashes.length > need)) return shiftedFindings(pair);
  }
  return slotFindings(pair);
};
