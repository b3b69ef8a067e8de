// What a pasted trusted head looks like before it is sent: the verification itself reads it again and decides.

const DIGEST = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/giu;

/** The contract takes this many characters at most. */
export const MAX_HEAD_LENGTH = 10_000;

export type HeadEntry =
  | { readonly kind: 'empty' | 'none' | 'too-long' }
  /** `isHead`: one of the digests is the head that the log itself ends with. */
  | { readonly kind: 'found'; readonly digests: readonly string[]; readonly isHead: boolean };

/** One digest of another length and nothing else: SHA-512, SHA-1, a cut one; in hex or base64. */
const WHOLE =
  /^(?:(?:0x)?([0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{96}|[0-9a-f]{128})|[a-z0-9+/]{43}=|[a-z0-9+/]{86}==)$/iu;

/** Finds SHA-256 digests in a paste: bare, `sha256:…`, a listing, JSON. */
export const readHeadEntry = (text: string, head: string | null): HeadEntry => {
  if (text.trim() === '') return { kind: 'empty' };
  if (text.trim().length > MAX_HEAD_LENGTH) return { kind: 'too-long' };
  const digests = [...new Set((text.match(DIGEST) ?? []).map((digest) => digest.toLowerCase()))];
  const whole = WHOLE.exec(text.trim());
  if (digests.length === 0 && whole !== null) {
    const digest = (whole[1] ?? whole[0]).toLowerCase();
    return { kind: 'found', digests: [digest], isHead: whole[1] !== undefined && digest === head };
  }
  if (digests.length === 0) return { kind: 'none' };
  return { kind: 'found', digests, isHead: head !== null && digests.includes(head) };
};
