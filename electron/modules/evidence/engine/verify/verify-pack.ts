// Verifies an evidence pack (EP-1), one's own or a stranger's: every step, every problem, one verdict.
import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { PACK_STEPS, type PackStep, type PackVerification } from '../../../../../shared/model/evidence.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { JobRun } from '../../../../jobs/job-kinds.ts';
import { fileError } from '../../../../ports/system-error.ts';
import type { KeyFile } from '../../../audit/public.ts';
import { byPath } from '../bag.ts';
import { checkBag, type BagChecks } from './bag-checks.ts';
import { packInfoFindings, valueOf } from './bag-info.ts';
import { certificateOfPem, type Cert } from './certificates.ts';
import type { Container } from './container.ts';
import { PACK_ROOT } from './expected-signatures.ts';
import { openFolderContainer } from './folder-container.ts';
import { bagRoot, readBag, type Bag } from './read-bag.ts';
import { signatureSteps, timestampStep, trustStep, type Signatures } from './signature-steps.ts';
import { failed, judged, notChecked, shown } from './steps.ts';
import { issuerOf, readRoot } from './trust.ts';
import { openZipContainer } from './zip-container.ts';

/** Withheld records are named, never passed over; that they may be missing is their purpose. */
const complete = ({ payloadComplete, withheld }: BagChecks): PackStep => {
  if (withheld.length === 0)
    return judged('payload-complete', payloadComplete, 'no file is missing and none was added');
  const records = withheld.length === 1 ? 'one quoted record is' : `${withheld.length} quoted records are`;
  const step = judged(
    'payload-complete',
    payloadComplete,
    `this is a redacted copy: the content of ${records} withheld, the commitments and proofs are there`,
    'nothing else is missing and nothing was added',
  );
  return step.status === 'pass' ? { ...step, items: withheld.map(shown).slice(0, 1000) } : step;
};

const bagSteps = (container: Container, bag: Bag, checks: BagChecks): PackStep[] => {
  const files = `${bag.files.size} files`;
  const info =
    checks.info === null
      ? []
      : packInfoFindings(checks.info).map((each) => ({ ...each, item: 'bag-info.txt' }));
  const what =
    container.kind === 'zip'
      ? `one archive with ${files}, its headers agree, its checksums (CRC-32) are right`
      : `one folder with ${files}, no links`;
  return [
    judged('container', [...container.problems, ...bag.problems], what),
    judged('bag-declaration', [...checks.declaration, ...info], 'bagit.txt and bag-info.txt are in order'),
    judged('tag-manifest', checks.tagManifests, 'the files that describe the pack are the ones listed'),
    judged(
      'payload-manifest',
      checks.payloadManifests,
      `every listed file has its digest (${checks.algorithms.join(', ')})`,
    ),
    complete(checks),
    judged(
      'payload-oxum',
      checks.payloadOxum,
      `the payload is as large as announced: ${valueOf(checks.info, 'Payload-Oxum') ?? ''} (bytes.files)`,
    ),
  ];
};

/** VALID needs every step to pass, but for a timestamp that was never promised. */
const verdictOf = (
  steps: readonly PackStep[],
  timestampPromised: boolean,
  rootGiven: boolean,
): PackVerification['verdict'] => {
  const status = (id: (typeof PACK_STEPS)[number]) => steps.find((step) => step.id === id)?.status;
  const whole = steps.every(
    (step) => step.status === 'pass' || step.id === 'signer-trust' || step.id === 'timestamp',
  );
  const time = status('timestamp');
  if (!whole || time === 'fail' || (timestampPromised && time !== 'pass')) return 'INVALID';
  if (status('signer-trust') === 'pass') return 'VALID';
  return status('signer-trust') === 'not-checked' && !rootGiven ? 'VALID_SIGNER_UNKNOWN' : 'INVALID';
};

/** A folder's digest, as for imported folders: SHA-256 of its sorted `sha256  name\n` listing. */
const folderDigest = (bag: Bag): string => {
  const hash = createHash('sha256');
  for (const { path, sha256 } of [...bag.files]
    .map(([path, facts]) => ({ path, sha256: facts.digests['sha256'] ?? '' }))
    .toSorted(byPath))
    hash.update(`${sha256}  ${path}\n`);
  return hash.digest('hex');
};

const signerFacts = (
  { signer, cms }: Signatures,
  bag: Bag,
  root: Cert | null,
): PackVerification['signer'] => {
  if (signer === null) return null;
  const packRoot = bag.tags.get(PACK_ROOT);
  const issuer = issuerOf(signer, [
    root,
    packRoot === undefined ? null : certificateOfPem(packRoot),
    ...(cms?.certificates ?? []),
  ]);
  return {
    subject: shown(signer.subject),
    fingerprint: signer.fingerprint,
    issuerFingerprint: issuer?.fingerprint ?? null,
    notBefore: signer.notBefore.toString(),
    notAfter: signer.notAfter.toString(),
  };
};

/** The answer for an archive out of which nothing can be read. */
const unreadable = (container: Container): PackVerification => ({
  verdict: 'INVALID',
  steps: [
    failed('container', container.problems),
    ...PACK_STEPS.slice(1).map((id) => notChecked(id, 'the archive can not be read')),
  ],
  pack: {
    name: container.name,
    bytes: container.bytes,
    sha256: container.sha256 ?? '',
    externalIdentifier: null,
    auditLogHead: null,
    baggingDate: null,
    completeness: null,
    files: 0,
  },
  signer: null,
});

const verifyContainer = async (
  container: Container,
  root: Cert | null,
  timestampTrust: readonly KeyFile[],
  passed: (bytes: number) => void,
): Promise<PackVerification> => {
  const top = bagRoot(container.files.map(({ path }) => path));
  if (top === null) {
    if (container.problems.length === 0 || container.kind === 'folder')
      throw new AppError('evidence.not_a_pack', { name: container.name, reason: 'it holds no bagit.txt' });
    return unreadable(container);
  }
  const bag = await readBag(container, top, passed);
  const inFolder =
    container.kind === 'folder' || top !== ''
      ? []
      : [{ text: 'the archive does not hold one folder with the pack in it' }];
  const checks = checkBag(bag);
  const signatures = await signatureSteps(bag, checks);
  const steps = [
    ...bagSteps({ ...container, problems: [...container.problems, ...inFolder] }, bag, checks),
    ...signatures.steps,
    trustStep(bag, signatures, root),
    timestampStep(bag, signatures.expected, [
      ...(root === null ? [] : [{ name: 'root', bytes: root.der }]),
      ...timestampTrust,
    ]),
  ];
  const value = (label: string): string | null => {
    const text = valueOf(checks.info, label);
    return text === null ? null : shown(text);
  };
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
 * `timestampTrust` holds the roots of time-stamping authorities (and intermediate certificates or revocation lists); the
 * chosen root counts for timestamps too. A timestamp that bag-info.txt promises and that can't be confirmed makes the
 * verdict INVALID, with the step timestamp not-checked and saying why: VALID would claim a check that was not made. An
 * unpromised one changes nothing unless it is wrong.
 *
 * @throws AppError evidence.not_a_pack (no ZIP, or no bag in it), evidence.root_invalid, file.*, job.cancelled
 */
export const verifyPack = async (
  path: string,
  rootPem: Uint8Array | null,
  run: JobRun,
  timestampTrust: readonly KeyFile[] = [],
): Promise<PackVerification> => {
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
  const container = found.isFile()
    ? await openZipContainer(path, passed, run.signal)
    : await openFolderContainer(path);
  try {
    step = 'verifying';
    total = done + container.files.reduce((sum, file) => sum + file.bytes, 0);
    passed(0);
    return await verifyContainer(container, root, timestampTrust, passed);
  } finally {
    await container.close();
  }
};
