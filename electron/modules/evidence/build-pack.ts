// Building a pack of a case: gathers the content, lets a job host write and sign it, keeps what was handed out.
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../shared/errors/app-error.ts';
import { EvidencePack, type IndexRange } from '../../../shared/model/evidence.ts';
import { type CaseId, PackId, type VerificationId } from '../../../shared/model/ids.ts';
import type { JobOutcome } from '../../jobs/job-manager.ts';
import type { JobHost, JobRun } from '../../jobs/job-kinds.ts';
import type { Vault } from '../../store/vault.ts';
import type { Verifications } from '../audit/public.ts';
import { getCase } from '../cases/public.ts';
import { renderPackIndex, type ReportParts } from '../reports/public.ts';
import { getSettings } from '../settings/public.ts';
import { readChecker } from './checker.ts';
import { openSigner } from './identity-record.ts';
import { gatherContent } from './pack-content.ts';

export interface PackRequest {
  readonly vault: Vault;
  readonly caseId: CaseId;
  readonly verificationIds: readonly VerificationId[];
  readonly includeLog: boolean;
  /** The records to quote; null = those at the first findings. */
  readonly quote: readonly IndexRange[] | null;
  readonly to: string;
  readonly verifications: Verifications;
  readonly parts: ReportParts;
}

/** The work of an `evidence.build` job. @throws AppError evidence.no_verification | file.* | evidence.signer_not_valid */
export const buildCasePack = async (
  request: PackRequest,
  run: JobRun,
  host: JobHost,
): Promise<JobOutcome> => {
  const { vault, caseId, parts } = request;
  if (request.verificationIds.length === 0) throw new AppError('evidence.no_verification');
  const content = await gatherContent(request, host, run);
  const checker = await readChecker(parts.host.resourcesDir);
  const [subject, settings, signer] = [
    await getCase(vault, caseId),
    await getSettings(vault),
    await openSigner(vault),
  ];
  const externalIdentifier = randomUUID();
  const createdAt = parts.clock.now();
  const folder = `${createdAt.slice(0, 10)}-${externalIdentifier.slice(0, 8)}`;
  const index = renderPackIndex({
    locale: 'en',
    name: `evidence-${folder}`,
    externalIdentifier,
    createdAt,
    appVersion: parts.host.appVersion,
    organisation: settings.organisation,
    rootFingerprint: signer.shown.rootFingerprint,
    case: subject,
    verdicts: content.verdicts,
    files: [
      { path: 'data/index.html', originalName: null, role: 'This index', bytes: null, sha256: null },
      ...content.files,
    ],
    missing: content.missing,
  });
  try {
    const built = await host.run(
      'evidence.build',
      {
        externalIdentifier,
        folder,
        createdAt,
        organisation: settings.organisation,
        description: subject.name,
        auditLogHead: content.auditLogHead,
        inline: [{ name: 'index.html', bytes: Buffer.from(index, 'utf8') }, ...content.inline],
        logs: content.logs,
        missing: content.missing,
        checker,
        signer: {
          privateKey: signer.privateKey,
          certificatePem: signer.certificatePem,
          rootPem: signer.rootPem,
        },
        to: request.to,
      },
      run,
    );
    const pack: EvidencePack = {
      id: v.parse(PackId, parts.ids.make('pack')),
      caseId,
      verificationIds: [...request.verificationIds],
      createdAt,
      fileName: basename(request.to),
      bytes: built.bytes,
      sha256: built.sha256,
      completeness: content.missing.length === 0 ? 'complete' : 'partial',
      missing: [...content.missing],
      signerFingerprint: signer.shown.signerFingerprint,
      rootFingerprint: signer.shown.rootFingerprint,
    };
    return {
      result: pack.id,
      puts: [{ kind: 'pack', id: pack.id, caseId, body: pack }],
      detail: { sha256: pack.sha256, bytes: pack.bytes, completeness: pack.completeness, files: built.files },
    };
  } finally {
    signer.privateKey.fill(0);
  }
};

export const listPacks = async (vault: Vault, caseId?: CaseId): Promise<EvidencePack[]> =>
  (await vault.records.list('pack', caseId === undefined ? {} : { caseId })).map((record) =>
    v.parse(EvidencePack, record.body),
  );
