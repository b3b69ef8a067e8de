// Verifies an evidence pack (EP-1), one's own or a stranger's: every step, every problem, one verdict.
import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { PACK_STEPS, type PackStep, type PackVerification } from '../../../../../shared/model/evidence.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { JobRun } from '../../../../jobs/job-kinds.ts';
import { fileError } from '../../../../ports/system-error.ts';
import { byPath } from '../bag.ts';
import { checkBag, type BagChecks } from './bag-checks.ts';
import { packInfoFindings, valueOf } from './bag-info.ts';
import { certificateOfPem, isIssuedBy, type Cert } from './certificates.ts';
import type { Container } from './container.ts';
import { expectedSignatures, PACK_ROOT, SIGNATURES, SIGNER, type Expected } from './expected-signatures.ts';
import { openFolderContainer } from './folder-container.ts';
import { bagRoot, readBag, type Bag } from './read-bag.ts';
import { checkCms, type CmsCheck } from './signature-cms.ts';
import { jwsFaults } from './signature-jws.ts';
import { failed, judged, notChecked, passed } from './steps.ts';
import { timestampFaults } from './timestamp.ts';
import { issuerOf, readRoot, signerFaults, trustFaults } from './trust.ts';
import { openZipContainer } from './zip-container.ts';

const TAG_MANIFEST = 'tagmanifest-sha256.txt';
const texts = (faults: readonly string[], item: string) => faults.map((text) => ({ text, item }));

const bagSteps = (container: Container, bag: Bag, checks: BagChecks): PackStep[] => {
  const files = `${bag.files.size} files`;
  const info = checks.info === null ? [] : packInfoFindings(checks.info).map((each) => ({ ...each, item: 'bag-info.txt' }));
  const what = container.kind === 'zip' ? `one archive with ${files}, its headers agree, its checksums (CRC-32) are right` : `one folder with ${files}, no links`;
  return [
    judged('container', [...container.problems, ...bag.problems], what),
    judged('bag-declaration', [...checks.declaration, ...info], 'bagit.txt and bag-info.txt are in order'),
    judged('tag-manifest', checks.tagManifests, 'the files that describe the pack are the ones listed'),
    judged('payload-manifest', checks.payloadManifests, `every listed file has its digest (${checks.algorithms.join(', ')})`),
    judged('payload-complete', checks.payloadComplete, 'no file is missing and none was added'),
    judged('payload-oxum', checks.payloadOxum, `the payload is as large as announced: ${valueOf(checks.info, 'Payload-Oxum') ?? ''} (bytes.files)`),
  ];
};

interface Signatures {
  readonly expected: Expected;
  readonly signer: Cert | null;
  readonly cms: CmsCheck | null;
  readonly steps: readonly PackStep[];
}

const ABSENT = 'there is none, and bag-info.txt does not announce one';

const cmsStep = (bag: Bag, expected: Expected, cms: CmsCheck | null): PackStep => {
  if (cms !== null) return judged('signature-cms', texts(cms.faults, SIGNATURES.cms), `signed at ${cms.signingTime?.toString() ?? ''} by the holder of signer.pem, by the signer's own clock`);
  if (bag.files.has(SIGNATURES.cms)) return failed('signature-cms', [{ text: `there is no readable ${TAG_MANIFEST} that it could sign`, item: SIGNATURES.cms }]);
  return expected.kinds.has('cms') ? failed('signature-cms', [{ text: 'it is missing', item: SIGNATURES.cms }]) : notChecked('signature-cms', ABSENT);
};

const jwsStep = async (bag: Bag, expected: Expected, signer: Cert | null): Promise<PackStep> => {
  const [content, file] = [bag.tags.get(TAG_MANIFEST), bag.tags.get(SIGNATURES.jws)];
  if (content !== undefined && file !== undefined) return judged('signature-jws', texts(await jwsFaults(file, content, signer), SIGNATURES.jws), 'signed with the key of signer.pem');
  if (bag.files.has(SIGNATURES.jws)) return failed('signature-jws', [{ text: `there is no readable ${TAG_MANIFEST} that it could sign`, item: SIGNATURES.jws }]);
  return expected.kinds.has('jws') ? failed('signature-jws', [{ text: 'it is missing', item: SIGNATURES.jws }]) : notChecked('signature-jws', ABSENT);
};

const signatureSteps = async (bag: Bag, checks: BagChecks): Promise<Signatures> => {
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
      judged('expected-signatures', expected.problems, `there: ${[...expected.kinds].join(', ')}`, ...expected.notes),
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
  return [signer, ...pool].some((cert) => isIssuedBy(cert, root)) ? [] : ["root.pem in the pack did not issue the signer's certificate"];
};

const trustStep = (bag: Bag, { signer, cms }: Signatures, root: Cert | null): PackStep => {
  const id = 'signer-trust';
  if (signer === null) return failed(id, [{ text: 'signer.pem is missing or not a certificate', item: SIGNER }]);
  const at = cms?.signingTime ?? null;
  if (at === null) return notChecked(id, 'the time of signing is not known, because the CMS signature can not be read');
  const pool = cms?.certificates ?? [];
  const misleading = packRootFaults(bag, signer, pool).map((text) => ({ text, item: PACK_ROOT }));
  const faults = root === null ? signerFaults(signer, at) : trustFaults(signer, pool, root, at);
  const problems = [...texts(faults, SIGNER), ...misleading];
  if (problems.length > 0) return failed(id, problems);
  return root === null
    ? notChecked(id, 'no root certificate was given, so anyone could have signed this', 'ask the sender for the fingerprint of their root by another road than this pack')
    : passed(id, `the signer chains to the root that you gave (${root.subject})`);
};

/**
 * Timestamps are not checked by this version, so one never passes; one that is certainly wrong fails. A promised
 * timestamp that can't be confirmed keeps the pack from being VALID: what bag-info.txt promises, the signer signed.
 */
const timestampStep = (bag: Bag, expected: Expected): PackStep => {
  const id = 'timestamp';
  const promised = expected.kinds.has('rfc3161');
  const [content, file] = [bag.tags.get(TAG_MANIFEST), bag.tags.get(SIGNATURES.rfc3161)];
  if (file === undefined) {
    return promised
      ? failed(id, [{ text: 'bag-info.txt promises a timestamp, and there is none', item: SIGNATURES.rfc3161 }])
      : notChecked(id, "no timestamp is claimed: when the pack was signed is the signer's own word");
  }
  const faults = content === undefined ? [] : timestampFaults(file, content);
  if (faults.length > 0) return failed(id, texts(faults, SIGNATURES.rfc3161));
  const there = 'a timestamp is there, but this version does not check timestamps: check it with openssl ts -verify';
  return promised ? notChecked(id, there, 'bag-info.txt promises it, so the pack is not called valid without it') : notChecked(id, there);
};

/** VALID needs every step to pass, but for a timestamp that was never promised. */
const verdictOf = (steps: readonly PackStep[], timestampPromised: boolean, rootGiven: boolean): PackVerification['verdict'] => {
  const status = (id: (typeof PACK_STEPS)[number]) => steps.find((step) => step.id === id)?.status;
  const whole = steps.every((step) => step.status === 'pass' || step.id === 'signer-trust' || step.id === 'timestamp');
  const time = status('timestamp');
  if (!whole || time === 'fail' || (timestampPromised && time !== 'pass')) return 'INVALID';
  if (status('signer-trust') === 'pass') return 'VALID';
  return status('signer-trust') === 'not-checked' && !rootGiven ? 'VALID_SIGNER_UNKNOWN' : 'INVALID';
};

/** A folder's digest, as for imported folders: SHA-256 of its sorted `sha256  name\n` listing. */
const folderDigest = (bag: Bag): string => {
  const hash = createHash('sha256');
  for (const { path, sha256 } of [...bag.files].map(([path, facts]) => ({ path, sha256: facts.digests['sha256'] ?? '' })).toSorted(byPath)) hash.update(`${sha256}  ${path}\n`);
  return hash.digest('hex');
};

const signerFacts = ({ signer, cms }: Signatures, bag: Bag, root: Cert | null): PackVerification['signer'] => {
  if (signer === null) return null;
  const packRoot = bag.tags.get(PACK_ROOT);
  const issuer = issuerOf(signer, [root, packRoot === undefined ? null : certificateOfPem(packRoot), ...(cms?.certificates ?? [])]);
  return {
    subject: signer.subject,
    fingerprint: signer.fingerprint,
    issuerFingerprint: issuer?.fingerprint ?? null,
    notBefore: signer.notBefore.toString(),
    notAfter: signer.notAfter.toString(),
  };
};

/** The answer for an archive out of which nothing can be read. */
const unreadable = (container: Container): PackVerification => ({
  verdict: 'INVALID',
  steps: [failed('container', container.problems), ...PACK_STEPS.slice(1).map((id) => notChecked(id, 'the archive can not be read'))],
  pack: { name: container.name, bytes: container.bytes, sha256: container.sha256 ?? '', externalIdentifier: null, auditLogHead: null, baggingDate: null, completeness: null, files: 0 },
  signer: null,
});

const verifyContainer = async (container: Container, root: Cert | null, passed: (bytes: number) => void): Promise<PackVerification> => {
  const top = bagRoot(container.files.map(({ path }) => path));
  if (top === null) {
    if (container.problems.length === 0 || container.kind === 'folder') throw new AppError('evidence.not_a_pack', { name: container.name, reason: 'it holds no bagit.txt' });
    return unreadable(container);
  }
  const bag = await readBag(container, top, passed);
  const inFolder = container.kind === 'folder' || top !== '' ? [] : [{ text: 'the archive does not hold one folder with the pack in it' }];
  const checks = checkBag(bag);
  const signatures = await signatureSteps(bag, checks);
  const steps = [
    ...bagSteps({ ...container, problems: [...container.problems, ...inFolder] }, bag, checks),
    ...signatures.steps,
    trustStep(bag, signatures, root),
    timestampStep(bag, signatures.expected),
  ];
  const value = (label: string) => valueOf(checks.info, label);
  return {
    verdict: verdictOf(steps, signatures.expected.kinds.has('rfc3161'), root !== null),
    steps,
    pack: {
      name: container.name,
      bytes: container.bytes,
      sha256: container.sha256 ?? folderDigest(bag),
      externalIdentifier: value('External-Identifier'),
      auditLogHead: value('Audit-Log-Head'),
      baggingDate: value('Bagging-Date'),
      completeness: value('Completeness'),
      files: [...bag.files.keys()].filter((path) => path.startsWith('data/')).length,
    },
    signer: signerFacts(signatures, bag, root),
  };
};

/**
 * Verifies the pack at `path`: an archive or an unpacked folder. Every step of PACK_STEPS is in the answer, in order.
 * Nothing is unpacked to disk and no certificate inside the pack is trusted; `rootPem` (PEM or DER) is the only trust.
 * `pack.files` counts payload files. The archive's own name, the name of the folder in it, its time stamps and its
 * permission bits are signed by nothing and judged by nothing.
 *
 * A timestamp that bag-info.txt promises makes the verdict INVALID, with the step timestamp not-checked and saying
 * why, because this version can't confirm it: VALID would claim a check that was not made, and VALID_SIGNER_UNKNOWN
 * would name the wrong reason. An unpromised one changes nothing unless it is certainly wrong.
 *
 * @throws AppError evidence.not_a_pack (no ZIP, or no bag in it), evidence.root_invalid, file.*, job.cancelled
 */
export const verifyPack = async (path: string, rootPem: Uint8Array | null, run: JobRun): Promise<PackVerification> => {
  const root = rootPem === null ? null : readRoot(rootPem, 'The chosen root');
  const name = basename(path);
  const found = await lstat(path).catch((error: unknown) => {
    throw fileError(error, name, 'file.not_found');
  });
  if (!found.isFile() && !found.isDirectory()) throw new AppError('file.not_regular', { name });
  let done = 0;
  let step = 'hashing';
  let total: number | null = found.isFile() ? found.size * 2 : null;
  const passed = (bytes: number) => {
    if (run.signal.aborted) throw new AppError('job.cancelled');
    done += bytes;
    run.progress({ step, done, total, unit: 'bytes' });
  };
  passed(0);
  const container = found.isFile() ? await openZipContainer(path, passed, run.signal) : await openFolderContainer(path);
  try {
    step = 'verifying';
    total = done + container.files.reduce((sum, file) => sum + file.bytes, 0);
    passed(0);
    return await verifyContainer(container, root, passed);
  } finally {
    await container.close();
  }
};
