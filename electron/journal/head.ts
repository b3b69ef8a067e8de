// The journal's end under a MAC: kept in the database and once more beside it, so that an older copy of one shows.
import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';

/** The last entry of a journal; seq 0 and null for an empty one. */
export interface Head {
  readonly seq: number;
  readonly chainHash: string | null;
}

/** forged = readable, but not sealed with this workspace's key. */
export type ReadHead =
  | { readonly state: 'sealed'; readonly head: Head }
  | { readonly state: 'absent' | 'unreadable' | 'forged' };

const HeadText = v.strictObject({
  version: v.literal(1),
  workspace: v.string(),
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  chain_hash: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u))),
  mac: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u)),
});

const macOf = (key: Uint8Array, workspace: string, head: Head): Buffer =>
  createHmac('sha256', key)
    .update(`probity-journal-head/1\n${workspace}\n${head.seq}\n${head.chainHash ?? '-'}`)
    .digest();

/** One line of JSON with an HMAC-SHA256 under the journal's seal key, bound to the workspace's id. */
export const sealHead = (key: Uint8Array, workspace: string, head: Head): string =>
  JSON.stringify({
    version: 1,
    workspace,
    seq: head.seq,
    chain_hash: head.chainHash,
    mac: macOf(key, workspace, head).toString('hex'),
  });

/** Never throws; null stands for a head that isn't there. */
export const readHead = (key: Uint8Array, workspace: string, text: string | null): ReadHead => {
  if (text === null) return { state: 'absent' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { state: 'unreadable' };
  }
  const read = v.safeParse(HeadText, value);
  if (!read.success) return { state: 'unreadable' };
  const head = { seq: read.output.seq, chainHash: read.output.chain_hash };
  const sealed =
    read.output.workspace === workspace &&
    timingSafeEqual(Buffer.from(read.output.mac, 'hex'), macOf(key, workspace, head));
  return sealed ? { state: 'sealed', head } : { state: 'forged' };
};

export const sameHead = (a: Head, b: Head): boolean => a.seq === b.seq && a.chainHash === b.chainHash;
