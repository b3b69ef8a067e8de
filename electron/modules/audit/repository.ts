// Imports and verifications as records: their private halves (paths, blob ids, keys) never leave the main process.
import * as v from 'valibot';
import { AppError } from '../../../shared/errors/app-error.ts';
import { ImportedLog, SourceEntry, VerificationSummary } from '../../../shared/model/audit.ts';
import type { ImportId, VerificationId } from '../../../shared/model/ids.ts';
import { VerificationReport } from '../../../shared/model/verdict.ts';
import type { Put, Vault } from '../../store/vault.ts';
import type { Verified } from './engine/format.ts';

const ImportBody = v.strictObject({
  log: ImportedLog,
  /** Where it was taken from; used only when custody is `referenced`. */
  path: v.string(),
  /** Every file with its digest; empty for a referenced folder of very many files. */
  entries: v.array(SourceEntry),
  /** One per file when custody is `copied`. */
  copies: v.array(v.strictObject({ name: v.string(), blob: v.string() })),
  /** Links, sockets and devices that were not read. */
  skipped: v.array(v.string()),
});
export type ImportBody = v.InferOutput<typeof ImportBody>;

const VerificationBody = v.strictObject({
  summary: VerificationSummary,
  /** The blob with the whole {@link Verified} as JSON. */
  blob: v.string(),
  trustedHeads: v.array(v.string()),
  keys: v.array(v.strictObject({ name: v.string(), base64: v.string() })),
  /** Paths of what a proof is about. */
  data: v.optional(v.array(v.string()), []),
  recipe: v.optional(v.nullable(v.string()), null),
});
export type VerificationBody = v.InferOutput<typeof VerificationBody>;

const VerifiedBody: v.GenericSchema<Verified> = v.strictObject({
  report: VerificationReport,
  locator: v.strictObject({
    every: v.number(),
    offsets: v.array(v.number()),
    lines: v.exactOptional(v.array(v.number())),
  }),
  parts: v.exactOptional(v.array(v.strictObject({ path: v.string(), verified: v.lazy(() => VerifiedBody) }))),
});

export const importRecord = (body: ImportBody): Put => ({
  kind: 'import',
  id: body.log.id,
  caseId: body.log.caseId,
  body,
});

export const verificationRecord = (body: VerificationBody): Put => ({
  kind: 'verification',
  id: body.summary.id,
  caseId: body.summary.caseId,
  body,
});

/** @throws AppError record.not_found */
export const getImport = async (vault: Vault, id: ImportId): Promise<ImportBody> => {
  const record = await vault.records.get('import', id);
  if (record === null) throw new AppError('record.not_found', { kind: 'imported log' });
  return v.parse(ImportBody, record.body);
};

export const listImports = async (vault: Vault, caseId: string | undefined): Promise<ImportBody[]> =>
  (await vault.records.list('import', caseId === undefined ? {} : { caseId })).map((record) =>
    v.parse(ImportBody, record.body),
  );

/** @throws AppError record.not_found */
export const getVerification = async (vault: Vault, id: VerificationId): Promise<VerificationBody> => {
  const record = await vault.records.get('verification', id);
  if (record === null) throw new AppError('record.not_found', { kind: 'verification' });
  return v.parse(VerificationBody, record.body);
};

export const listVerifications = async (
  vault: Vault,
  caseId: string | undefined,
): Promise<VerificationBody[]> =>
  (await vault.records.list('verification', caseId === undefined ? {} : { caseId })).map((record) =>
    v.parse(VerificationBody, record.body),
  );

/** @throws AppError record.altered when the blob was changed. */
export const readVerified = async (vault: Vault, body: VerificationBody): Promise<Verified> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of vault.blobs.open(body.blob)) chunks.push(chunk);
  return v.parse(VerifiedBody, JSON.parse(Buffer.concat(chunks).toString('utf8')));
};
