// The steps about signatures: which are expected, CMS, JWS, whose they are, and the timestamp.
import type { PackStep } from '../../../../../shared/model/evidence.ts';
import type { BagChecks } from './bag-checks.ts';
import { certificateOfPem, isIssuedBy, type Cert } from './certificates.ts';
import { expectedSignatures, PACK_ROOT, SIGNATURES, SIGNER, type Expected } from './expected-signatures.ts';
import type { Bag } from './read-bag.ts';
import { checkCms, type CmsCheck } from './signature-cms.ts';
import { jwsFaults } from './signature-jws.ts';
import { failed, judged, notChecked, passed } from './steps.ts';
import { checkTimestamp } from './timestamp.ts';
import type { KeyFile } from '../../../audit/public.ts';
import { signerFaults, trustFaults } from './trust.ts';

const TAG_MANIFEST = 'tagmanifest-sha256.txt';
const texts = (faults: readonly string[], item: string) => faults.map((text) => ({ text, item }));

/** What is known of the signatures, and their steps. */
export interface Signatures {
  readonly expected: Expected;
  readonly signer: Cert | null;
  readonly cms: CmsCheck | null;
  readonly steps: readonly PackStep[];
}

const ABSENT = 'there is none, and bag-info.txt does not announce one';

const cmsStep = (bag: Bag, expected: Expected, cms: CmsCheck | null): PackStep => {
  if (cms !== null)
    return judged(
      'signature-cms',
      texts(cms.faults, SIGNATURES.cms),
      `signed at ${cms.signingTime?.toString() ?? ''} by the holder of signer.pem, by the signer's own clock`,
    );
  if (bag.files.has(SIGNATURES.cms))
    return failed('signature-cms', [
      { text: `there is no readable ${TAG_MANIFEST} that it could sign`, item: SIGNATURES.cms },
    ]);
  return expected.kinds.has('cms')
    ? failed('signature-cms', [{ text: 'it is missing', item: SIGNATURES.cms }])
    : notChecked('signature-cms', ABSENT);
};

const jwsStep = async (bag: Bag, expected: Expected, signer: Cert | null): Promise<PackStep> => {
  const [content, file] = [bag.tags.get(TAG_MANIFEST), bag.tags.get(SIGNATURES.jws)];
  if (content !== undefined && file !== undefined)
    return judged(
      'signature-jws',
      texts(await jwsFaults(file, content, signer), SIGNATURES.jws),
      'signed with the key of signer.pem',
    );
  if (bag.files.has(SIGNATURES.jws))
    return failed('signature-jws', [
      { text: `there is no readable ${TAG_MANIFEST} that it could sign`, item: SIGNATURES.jws },
    ]);
  return expected.kinds.has('jws')
    ? failed('signature-jws', [{ text: 'it is missing', item: SIGNATURES.jws }])
    : notChecked('signature-jws', ABSENT);
};

export const signatureSteps = async (bag: Bag, checks: BagChecks): Promise<Signatures> => {
  const expected = expectedSignatures(bag, checks.info);
  const signerFile = bag.tags.get(SIGNER);
  const signer = signerFile === undefined ? null : certificateOfPem(signerFile);
  const [content, p7s] = [bag.tags.get(TAG_MANIFEST), bag.tags.get(SIGNATURES.cms)];
  const cms = content === undefined || p7s === undefined ? null : checkCms(p7s, content, signer);
  return {
    expected,
    signer,
    cms,
    steps: [
      judged(
        'expected-signatures',
        expected.problems,
        `there: ${[...expected.kinds].join(', ')}`,
        ...expected.notes,
      ),
      cmsStep(bag, expected, cms),
      await jwsStep(bag, expected, signer),
    ],
  };
};

/** The copy of the root that a pack may carry proves nothing, but a wrong one would mislead whoever compares it. */
const packRootFaults = (bag: Bag, signer: Cert, pool: readonly Cert[]): string[] => {
  const file = bag.tags.get(PACK_ROOT);
  if (file === undefined) return [];
  const root = certificateOfPem(file);
  if (root === null) return ['root.pem in the pack is not a certificate'];
  return [signer, ...pool].some((cert) => isIssuedBy(cert, root))
    ? []
    : ["root.pem in the pack did not issue the signer's certificate"];
};

export const trustStep = (bag: Bag, { signer, cms }: Signatures, root: Cert | null): PackStep => {
  const id = 'signer-trust';
  if (signer === null)
    return failed(id, [{ text: 'signer.pem is missing or not a certificate', item: SIGNER }]);
  const at = cms?.signingTime ?? null;
  if (at === null)
    return notChecked(id, 'the time of signing is not known, because the CMS signature can not be read');
  const pool = cms?.certificates ?? [];
  const misleading = packRootFaults(bag, signer, pool).map((text) => ({ text, item: PACK_ROOT }));
  const faults = root === null ? signerFaults(signer, at) : trustFaults(signer, pool, root, at);
  const problems = [...texts(faults, SIGNER), ...misleading];
  if (problems.length > 0) return failed(id, problems);
  return root === null
    ? notChecked(
        id,
        'no root certificate was given, so anyone could have signed this',
        'ask the sender for the fingerprint of their root by another road than this pack',
      )
    : passed(id, `the signer chains to the root that you gave (${root.subject})`);
};

/**
 * A timestamp passes when its authority's certificate leads to a root that the user gave (`trust`: the signer's root and
 * those for timestamps). One that is wrong fails. One whose root is missing is not checked: the pack stays what it is,
 * unless bag-info.txt promises the timestamp, for what it promises, the signer signed.
 */
export const timestampStep = (bag: Bag, expected: Expected, trust: readonly KeyFile[]): PackStep => {
  const id = 'timestamp';
  const promised = expected.kinds.has('rfc3161');
  const [content, file] = [bag.tags.get(TAG_MANIFEST), bag.tags.get(SIGNATURES.rfc3161)];
  if (file === undefined) {
    return promised
      ? failed(id, [
          { text: 'bag-info.txt promises a timestamp, and there is none', item: SIGNATURES.rfc3161 },
        ])
      : notChecked(id, "no timestamp is claimed: when the pack was signed is the signer's own word");
  }
  if (content === undefined)
    return failed(id, [
      { text: `there is no readable ${TAG_MANIFEST} that it could be over`, item: SIGNATURES.rfc3161 },
    ]);
  const check = checkTimestamp(file, content, trust);
  if (check.faults.length > 0) return failed(id, texts(check.faults, SIGNATURES.rfc3161));
  if (check.missing.length === 0) return passed(id, check.words);
  const notes = ['a timestamp is there and undamaged, but could not be confirmed', ...check.missing];
  return promised
    ? notChecked(id, ...notes, 'bag-info.txt promises it, so the pack is not called valid without it')
    : notChecked(id, ...notes);
};
