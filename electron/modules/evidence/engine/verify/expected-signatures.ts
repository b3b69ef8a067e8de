// What bag-info says must be signed, held against what lies in signatures/.
import type { Problem } from './container.ts';
import { certificateOfPem } from './certificates.ts';
import { valueOf, type BagInfo } from './bag-info.ts';
import type { Bag } from './read-bag.ts';

export const SIGNATURES = {
  cms: 'signatures/tagmanifest-sha256.txt.p7s',
  jws: 'signatures/tagmanifest-sha256.txt.jws',
  rfc3161: 'signatures/tagmanifest-sha256.txt.tsr',
} as const;
export type SignatureKind = keyof typeof SIGNATURES;
const KINDS = Object.keys(SIGNATURES) as readonly SignatureKind[];

export const SIGNER = 'signatures/signer.pem';
export const PACK_ROOT = 'signatures/root.pem';

export interface Expected {
  readonly kinds: ReadonlySet<SignatureKind>;
  readonly problems: readonly Problem[];
  /** For the reader: what else is there, and what was assumed. */
  readonly notes: readonly string[];
}

/** `Expected-Signatures: cms,jws`; a pack that does not say is taken to promise both, as every EP-1 pack has them. */
const announced = (
  info: BagInfo | null,
): { readonly kinds: readonly SignatureKind[]; readonly unknown: boolean; readonly said: boolean } => {
  const value = valueOf(info, 'Expected-Signatures');
  if (value === null) return { kinds: ['cms', 'jws'], unknown: false, said: false };
  const words = value.split(',').map((word) => word.trim().toLowerCase());
  return {
    kinds: KINDS.filter((kind) => words.includes(kind)),
    unknown: words.some((word) => !KINDS.includes(word as SignatureKind)),
    said: true,
  };
};

export const expectedSignatures = (bag: Bag, info: BagInfo | null): Expected => {
  const { kinds, unknown, said } = announced(info);
  const problems: Problem[] = [];
  const notes: string[] = [];
  if (!said)
    notes.push(
      'bag-info.txt does not say which signatures belong to the pack; a CMS signature and a JWS were expected',
    );
  if (unknown)
    problems.push({
      text: 'bag-info.txt expects a kind of signature that is not known here',
      item: 'bag-info.txt',
    });
  for (const kind of kinds)
    if (!bag.files.has(SIGNATURES[kind]))
      problems.push({ text: 'an expected signature is missing', item: SIGNATURES[kind] });
  if (!bag.files.has(SIGNER))
    problems.push({ text: 'the certificate of the signer is missing', item: SIGNER });
  const known: readonly string[] = [...Object.values(SIGNATURES), SIGNER, PACK_ROOT];
  for (const path of bag.files.keys()) {
    if (!path.startsWith('signatures/')) continue;
    const kind = KINDS.find((each) => SIGNATURES[each] === path);
    if (kind !== undefined && said && !kinds.includes(kind))
      notes.push(`${path} is there although bag-info.txt does not announce it`);
    if (known.includes(path)) continue;
    // Nothing signs what lies in signatures/, so only what can mislead nobody may lie there.
    if (path.endsWith('.pem') && certificateOfPem(bag.tags.get(path) ?? new Uint8Array()) !== null)
      notes.push(`${path} is a certificate that is not used`);
    else problems.push({ text: 'a file in signatures/ is no signature that EP-1 knows', item: path });
  }
  return { kinds: new Set(kinds), problems, notes };
};
