// CCF write receipts as JSON, under their present and their former names; null and Unreadable instead of guesses.
import { fromBase64 } from '../merkle/base64.ts';
import { isFields } from '../merkle/json-text.ts';
import type { Fields } from '../merkle/json-text.ts';

export interface ProofStep {
  readonly side: 'left' | 'right';
  readonly hash: Buffer;
}

export interface Receipt {
  /** PEM of the node that signed. */
  readonly cert: string;
  readonly nodeId: string | null;
  /** The parts of the leaf; null where an old receipt gives only its hash. */
  readonly components: {
    readonly writeSetDigest: Buffer;
    readonly commitEvidence: string;
    readonly claimsDigest: Buffer;
  } | null;
  /** As stated; null where it is not. */
  readonly leaf: Buffer | null;
  readonly proof: readonly ProofStep[];
  /** As stated; null where it is not. */
  readonly root: Buffer | null;
  readonly signature: Buffer;
  /** PEM, oldest first. */
  readonly endorsements: readonly string[];
  readonly isSignatureTransaction: boolean;
  readonly transactionId: string | null;
  readonly claims: readonly Fields[] | null;
}

/** What makes a receipt unreadable; turned into a finding. */
export class Unreadable extends Error {}

const bad = (what: string): never => {
  throw new Unreadable(what);
};

/** `writeSetDigest` for `write_set_digest`: older ledgers write snake_case. */
const camel = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );

const digestOf = (value: unknown, what: string): Buffer =>
  typeof value === 'string' && /^[0-9a-f]{64}$/iu.test(value)
    ? Buffer.from(value, 'hex')
    : bad(`${what} is no hexadecimal SHA-256 digest`);

const optionalDigest = (value: unknown, what: string): Buffer | null =>
  value === undefined || value === null ? null : digestOf(value, what);

const stepOf = (value: unknown): ProofStep => {
  if (!isFields(value)) return bad('a step of the proof is no object');
  const sides = (['left', 'right'] as const).filter(
    (side) => value[side] !== undefined && value[side] !== null,
  );
  const [side, second] = sides;
  if (side === undefined || second !== undefined) return bad('a step of the proof has not exactly one side');
  return { side, hash: digestOf(value[side], 'a step of the proof') };
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const componentsOf = (value: unknown): Receipt['components'] => {
  if (!isFields(value)) return null;
  const parts = camel(value);
  const evidence = parts.commitEvidence;
  if (typeof evidence !== 'string') return bad('commitEvidence is missing');
  return {
    writeSetDigest: digestOf(parts.writeSetDigest, 'writeSetDigest'),
    commitEvidence: evidence,
    claimsDigest: digestOf(parts.claimsDigest, 'claimsDigest'),
  };
};

/** Whether a JSON value has the fields of a receipt, itself or in `receipt`. */
export const receiptFields = (value: unknown): Fields | null => {
  if (!isFields(value)) return null;
  const inner = camel(isFields(value.receipt) ? value.receipt : value);
  const isReceipt = 'signature' in inner && 'proof' in inner && ('cert' in inner || 'nodeId' in inner);
  return isReceipt ? inner : null;
};

/** null where the JSON is no receipt. @throws Unreadable where it is one and broken. */
export const readReceipt = (value: unknown): Receipt | null => {
  const inner = receiptFields(value);
  if (inner === null || !isFields(value)) return null;
  const outer = camel(value);
  const signature = typeof inner.signature === 'string' ? fromBase64(inner.signature) : null;
  if (signature === null) return bad('the signature is not valid base64');
  if (typeof inner.cert !== 'string') return bad('the certificate of the node is missing');
  if (!Array.isArray(inner.proof)) return bad('proof is no list');
  const endorsements = listOf(inner.serviceEndorsements);
  if (!endorsements.every((each) => typeof each === 'string'))
    return bad('serviceEndorsements holds no PEM text');
  const { transactionId } = outer;
  const claims = outer.applicationClaims ?? inner.applicationClaims;
  return {
    cert: inner.cert,
    nodeId: typeof inner.nodeId === 'string' ? inner.nodeId.toLowerCase() : null,
    components: componentsOf(inner.leafComponents),
    leaf: optionalDigest(inner.leaf, 'leaf'),
    proof: inner.proof.map(stepOf),
    root: optionalDigest(inner.root, 'root'),
    signature,
    endorsements: endorsements as readonly string[],
    isSignatureTransaction: inner.isSignatureTransaction === true,
    transactionId: typeof transactionId === 'string' ? transactionId.slice(0, 100) : null,
    claims: Array.isArray(claims) && claims.every((each) => isFields(each)) ? claims : null,
  };
};
