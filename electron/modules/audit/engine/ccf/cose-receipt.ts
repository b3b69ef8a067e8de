// CCF receipts as COSE (draft-ietf-scitt-receipts-ccf-profile): a detached signature over the root of an inclusion proof.
import { verify } from 'node:crypto';
import type { KeyObject, X509Certificate } from 'node:crypto';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { hex, sha256 } from '../merkle/sha256.ts';
import { CborFault, CborTag, readCbor } from './cbor.ts';
import type { Cbor } from './cbor.ts';
import type { ReceiptCheck } from './check-receipt.ts';

const SIGN1 = 18;
/** COSE header parameters of draft-ietf-cose-merkle-tree-proofs. */
const VDS = 395;
const VDP = 396;
const CCF_LEDGER = 2;
const INCLUSION = -1;
/** COSE algorithm → digest. */
const ALGORITHMS: ReadonlyMap<Cbor, string> = new Map([
  [-7, 'sha256'],
  [-35, 'sha384'],
  [-36, 'sha512'],
]);

interface At {
  readonly index: number;
  readonly path: string;
}

/** A COSE_Sign1 whose first 4 KiB name CCF's header parameters. */
export const looksLikeCose = (bytes: Buffer): boolean =>
  bytes[0] === 0xd2 && bytes[1] === 0x84 && bytes.subarray(0, 65_536).includes(Buffer.from('19018c', 'hex'));

const isMap = (value: Cbor | undefined): value is ReadonlyMap<Cbor, Cbor> => value instanceof Map;
const isList = (value: Cbor | undefined): value is readonly Cbor[] => Array.isArray(value);
const isBytes = (value: Cbor | undefined): value is Buffer => Buffer.isBuffer(value);

const bytesHeader = (length: number): Buffer => {
  if (length < 24) return Buffer.from([0x40 + length]);
  if (length < 256) return Buffer.from([0x58, length]);
  const header = Buffer.from([0x59, 0, 0]);
  header.writeUInt16BE(length, 1);
  return header;
};

/** RFC 9052 section 4.4, with an empty external AAD. */
const toBeSigned = (protectedHeader: Buffer, payload: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from([0x84, 0x6a]),
    Buffer.from('Signature1', 'latin1'),
    bytesHeader(protectedHeader.length),
    protectedHeader,
    Buffer.from([0x40]),
    bytesHeader(payload.length),
    payload,
  ]);

/** `{1: [write set digest, evidence, claims digest], 2: [[left, hash], …]}` */
const rootOfProof = (bytes: Buffer): Buffer | null => {
  const proof = readCbor(bytes);
  const leaf = isMap(proof) ? proof.get(1) : undefined;
  const path = isMap(proof) ? proof.get(2) : undefined;
  if (!isList(leaf) || !isList(path)) return null;
  const [writeSet, evidence, claims] = leaf;
  if (!isBytes(writeSet) || typeof evidence !== 'string' || !isBytes(claims)) return null;
  if (writeSet.length !== 32 || claims.length !== 32) return null;
  let root = Buffer.from(sha256(writeSet, sha256(Buffer.from(evidence, 'utf8')), claims));
  for (const step of path) {
    const [isLeft, hash] = isList(step) ? step : [];
    if (typeof isLeft !== 'boolean' || !isBytes(hash) || hash.length !== 32) return null;
    root = Buffer.from(isLeft ? sha256(hash, root) : sha256(root, hash));
  }
  return root;
};

const isSigned = (key: KeyObject, digest: string, message: Buffer, signature: Buffer): boolean => {
  try {
    return verify(digest, message, { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    return false;
  }
};

/** @param services Certificates of ledger services that the reader trusts. */
export const checkCoseReceipt = (
  bytes: Buffer,
  services: readonly X509Certificate[],
  at: At,
): ReceiptCheck => {
  const findings: Finding[] = [];
  const proves: string[] = [];
  const doesNotProve = ['What was written: the claims under the claims digest were not compared.'];
  const add = (kind: Finding['kind'], verdict: 'TAMPERED' | 'UNVERIFIABLE', message: string): void => {
    findings.push({ kind, verdict, ...at, message });
  };
  let root: Buffer | null = null;
  const finish = (anchored: boolean): ReceiptCheck => ({
    findings,
    proves,
    doesNotProve,
    anchored: anchored && findings.length === 0,
    root,
  });
  try {
    const whole = readCbor(bytes);
    const parts = whole instanceof CborTag && whole.tag === SIGN1 ? whole.value : null;
    const [head, unprotected, payload, signature] = parts !== null && isList(parts) ? parts : [];
    if (!isBytes(head) || !isMap(unprotected) || !isBytes(signature))
      throw new CborFault('it is no COSE_Sign1');
    const header = readCbor(head);
    const proofs = unprotected.get(VDP);
    const inclusions = isMap(proofs) ? proofs.get(INCLUSION) : undefined;
    if (!isMap(header) || header.get(VDS) !== CCF_LEDGER || !isList(inclusions) || inclusions.length === 0)
      throw new CborFault('it holds no inclusion proof of a CCF ledger');
    const digest = ALGORITHMS.get(header.get(1) ?? null);
    for (const proof of inclusions) {
      root = isBytes(proof) ? rootOfProof(proof) : null;
      if (root === null) throw new CborFault('an inclusion proof has not the form of a CCF ledger');
      if (isBytes(payload) && !payload.equals(root))
        add(
          'CHAIN_HASH_MISMATCH',
          'TAMPERED',
          'The proof does not lead to the root that the receipt carries.',
        );
      const message = toBeSigned(head, root);
      const service =
        digest === undefined
          ? undefined
          : services.find(({ publicKey }) => isSigned(publicKey, digest, message, signature));
      if (service !== undefined)
        proves.push(`The ledger service signed the root ${hex(root)}, and the transaction lies under it.`);
      else if (digest === undefined)
        add('KEY_MISSING', 'UNVERIFIABLE', 'The receipt is signed with an algorithm that is not known here.');
      else if (services.length === 0)
        add(
          'KEY_MISSING',
          'UNVERIFIABLE',
          'The service certificate of the ledger is needed to check the signature of the receipt.',
        );
      else
        add(
          'SIGNATURE_INVALID',
          'TAMPERED',
          'None of the service certificates given signed the root that the receipt leads to: the receipt was altered, or is of another ledger.',
        );
    }
    return finish(proves.length > 0);
  } catch (error) {
    if (!(error instanceof CborFault)) throw error;
    add('MALFORMED', 'UNVERIFIABLE', `The receipt can not be read: ${error.message}.`);
    return finish(false);
  }
};
