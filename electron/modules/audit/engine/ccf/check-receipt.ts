// Checks one CCF receipt: leaf, Merkle path, node signature, and the endorsement of the node by the ledger service.
import { X509Certificate } from 'node:crypto';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import { verifyPrehashed } from '../merkle/prehashed.ts';
import { hex, sha256 } from '../merkle/sha256.ts';
import { claimsDigest } from './claims.ts';
import type { Receipt } from './receipt.ts';

export interface ReceiptCheck {
  readonly findings: readonly Finding[];
  readonly proves: readonly string[];
  readonly doesNotProve: readonly string[];
  /** The way from the node to a given service certificate holds. */
  readonly anchored: boolean;
  /** The root that the path leads to; null where the leaf can not be computed. */
  readonly root: Buffer | null;
}

interface At {
  readonly index: number;
  readonly path: string;
}

const certificateOf = (pem: string): X509Certificate | null => {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
};

/** Endorsements count by the key, as the ledger's own verifiers have it: names and dates of the certificates do not. */
const isEndorsedBy = (certificate: X509Certificate, by: X509Certificate): boolean => {
  try {
    return certificate.verify(by.publicKey);
  } catch {
    return false;
  }
};

/** Folds the path; without the prefixes of RFC 6962 (CCF, receipts). */
const rootOf = (leaf: Buffer, receipt: Receipt): Buffer => {
  let root = leaf;
  for (const { side, hash } of receipt.proof)
    root = Buffer.from(side === 'left' ? sha256(hash, root) : sha256(root, hash));
  return root;
};

/** `ce:2.35:…` names the transaction, too. */
const evidenceId = (evidence: string): string | null => /^ce:(\d+\.\d+):/u.exec(evidence)?.[1] ?? null;

class Checker {
  readonly findings: Finding[] = [];
  readonly proves: string[] = [];
  readonly doesNotProve: string[] = [];
  readonly #at: At;
  constructor(at: At) {
    this.#at = at;
  }

  add(
    kind: Finding['kind'],
    verdict: 'TAMPERED' | 'UNVERIFIABLE',
    message: string,
    pair?: readonly [Buffer, Buffer],
  ): void {
    const compared = pair === undefined ? {} : { expected: hex(pair[0]), actual: hex(pair[1]) };
    this.findings.push({ kind, verdict, ...this.#at, ...compared, message });
  }

  leaf({ components, leaf: stated, transactionId }: Receipt): Buffer | null {
    if (components === null) {
      if (stated === null)
        this.add('KEY_MISSING', 'UNVERIFIABLE', 'The receipt states neither a leaf nor its components.');
      else this.doesNotProve.push('What was written: the receipt states only the hash of its leaf.');
      return stated;
    }
    const { writeSetDigest, commitEvidence, claimsDigest: claims } = components;
    const leaf = Buffer.from(sha256(writeSetDigest, sha256(Buffer.from(commitEvidence, 'utf8')), claims));
    if (stated !== null && !stated.equals(leaf))
      this.add('EVENT_HASH_MISMATCH', 'TAMPERED', 'The leaf is not the hash of its components.', [
        leaf,
        stated,
      ]);
    const named = evidenceId(commitEvidence);
    if (transactionId !== null && named !== null && named !== transactionId) {
      const message = `The answer says transaction ${transactionId}, and the signed commit evidence says ${named}.`;
      this.add('EVENT_HASH_MISMATCH', 'TAMPERED', message);
    }
    return leaf;
  }

  claims({ components, claims }: Receipt): void {
    if (claims === null || claims.length === 0 || components === null) {
      if (components?.claimsDigest.every((byte) => byte === 0) === false)
        this.doesNotProve.push(
          'What the entry says: the claims under the claims digest were not handed over.',
        );
      return;
    }
    const computed = claimsDigest(claims);
    if (computed === null) {
      this.add(
        'KEY_MISSING',
        'UNVERIFIABLE',
        'The application claims are of a kind or protocol that is not known, so they were not compared.',
      );
    } else if (computed.equals(components.claimsDigest)) {
      this.proves.push('The application claims that came with the receipt are those that were written.');
    } else {
      const message =
        'The application claims are not those that were written: they do not lead to the claims digest.';
      this.add('EVENT_HASH_MISMATCH', 'TAMPERED', message, [components.claimsDigest, computed]);
    }
  }

  signature(receipt: Receipt, node: X509Certificate, root: Buffer): void {
    const id = Buffer.from(sha256(node.publicKey.export({ format: 'der', type: 'spki' })));
    if (receipt.nodeId !== null && receipt.nodeId !== hex(id)) {
      const message = 'The node ID is not the digest of the key in the node’s certificate.';
      const { nodeId } = receipt;
      this.findings.push({
        kind: 'EVENT_HASH_MISMATCH',
        verdict: 'TAMPERED',
        ...this.#at,
        expected: hex(id),
        actual: nodeId.slice(0, 200),
        message,
      });
    }
    const isValid = verifyPrehashed(node.publicKey, root, receipt.signature);
    if (isValid === true)
      this.proves.push(
        `The node ${hex(id)} signed the root ${hex(root)}, and the transaction lies under it.`,
      );
    else if (isValid === false)
      this.add(
        'SIGNATURE_INVALID',
        'TAMPERED',
        'The node did not sign the root that the receipt leads to: a component, a step of the proof or the signature was altered.',
      );
    else this.add('KEY_MISSING', 'UNVERIFIABLE', 'The node’s key is of a kind that no CCF ledger uses.');
  }

  /** From the node over the endorsements (oldest first) to a service certificate that was given. */
  endorsement(receipt: Receipt, node: X509Certificate, services: readonly X509Certificate[]): boolean {
    let current = node;
    for (const [i, pem] of receipt.endorsements.entries()) {
      const next = certificateOf(pem);
      if (next === null || !isEndorsedBy(current, next)) {
        this.add(
          'SIGNATURE_INVALID',
          'TAMPERED',
          `Service endorsement ${i + 1} does not endorse the certificate before it.`,
        );
        return false;
      }
      current = next;
    }
    const service = services.find((each) => isEndorsedBy(current, each));
    if (service !== undefined) {
      this.proves.push(
        `The ledger service (certificate SHA-256 ${service.fingerprint256.replaceAll(':', '').toLowerCase()}) endorses that node.`,
      );
      return true;
    }
    if (services.length === 0)
      this.add(
        'KEY_MISSING',
        'UNVERIFIABLE',
        'The service certificate of the ledger is needed to tell whether the node belongs to it. Give it as PEM (from the ledger’s identity service).',
      );
    else
      this.add(
        'SIGNATURE_INVALID',
        'TAMPERED',
        'None of the service certificates given endorses the node: the receipt is of another ledger, or its certificate was exchanged.',
      );
    return false;
  }
}

/** @param services Certificates of ledger services that the reader trusts. */
export const checkReceipt = (
  receipt: Receipt,
  services: readonly X509Certificate[],
  at: At,
): ReceiptCheck => {
  const checker = new Checker(at);
  const finish = (anchored: boolean, root: Buffer | null): ReceiptCheck => ({
    findings: checker.findings,
    proves: checker.proves,
    doesNotProve: checker.doesNotProve,
    anchored: anchored && checker.findings.length === 0,
    root,
  });
  if (receipt.isSignatureTransaction) {
    const message =
      'This is the receipt of a signature transaction, which the ledger writes by itself: it vouches for no entry.';
    checker.add('MALFORMED', 'UNVERIFIABLE', message);
    return finish(false, null);
  }
  const leaf = checker.leaf(receipt);
  checker.claims(receipt);
  const node = certificateOf(receipt.cert);
  if (node === null) {
    checker.add('MALFORMED', 'UNVERIFIABLE', 'The certificate of the node can not be read.');
    return finish(false, null);
  }
  const root = leaf === null ? null : rootOf(leaf, receipt);
  if (root !== null) {
    if (receipt.root !== null && !receipt.root.equals(root))
      checker.add(
        'CHAIN_HASH_MISMATCH',
        'TAMPERED',
        'The proof does not lead to the root that the receipt states.',
        [receipt.root, root],
      );
    checker.signature(receipt, node, root);
  }
  const anchored = checker.endorsement(receipt, node, services);
  return finish(anchored && root !== null, root);
};
