// A verification from request to record: runs the engine in a job host and keeps its whole answer.
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { VerificationSummary } from '../../../shared/model/audit.ts';
import { VerificationId } from '../../../shared/model/ids.ts';
import { FINDING_KINDS, type Finding } from '../../../shared/model/verdict.ts';
import type { JobOutcome } from '../../jobs/job-manager.ts';
import type { JobHost, JobRun } from '../../jobs/job-kinds.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import { fileError } from '../../ports/system-error.ts';
import type { Vault } from '../../store/vault.ts';
import type { KeyFile } from './engine/format.ts';
import { sourceOf } from './import-log.ts';
import { type ImportBody, type VerificationBody, verificationRecord } from './repository.ts';

/** Key and head files are small; a larger one is the wrong file. */
const SMALL_FILE = 4_194_304;

/** @throws AppError audit.key_invalid | file.* */
export const readSmallFile = async (path: string): Promise<KeyFile> => {
  const name = basename(path);
  try {
    if ((await stat(path)).size > SMALL_FILE)
      throw new AppError('audit.key_invalid', { name, reason: 'it is larger than 4 MiB' });
    return { name, bytes: await readFile(path) };
  } catch (error) {
    throw fileError(error, name, 'file.not_found');
  }
};

const countKinds = (findings: readonly Finding[]): VerificationSummary['findings'] =>
  FINDING_KINDS.map((kind) => ({
    kind,
    count: findings.filter((finding) => finding.kind === kind).length,
  })).filter((each) => each.count > 0);

export interface VerifyRequest {
  readonly vault: Vault;
  readonly imported: ImportBody;
  readonly format: string | null;
  readonly trustedHeads: readonly string[];
  readonly keys: readonly KeyFile[];
  readonly anchors: readonly KeyFile[];
  /** Paths of what a proof is about. */
  readonly data: readonly string[];
  readonly recipe: string | null;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** The work of an `audit.verify` job. */
export const verifyLog = async (request: VerifyRequest, run: JobRun, host: JobHost): Promise<JobOutcome> => {
  const { vault, imported, trustedHeads, keys, anchors, recipe } = request;
  const source = await sourceOf(vault, imported);
  const verified = await host.run(
    'audit.verify',
    {
      source,
      format: request.format,
      trustedHeads,
      keys,
      anchors,
      data: request.data.map((path) => ({ at: 'path', path })),
      ...(recipe === null ? {} : { recipe }),
      expectedSha256: imported.log.sha256,
    },
    run,
  );
  const { report } = verified;
  const kept = await vault.blobs.put(one(Buffer.from(JSON.stringify(verified))));
  const summary: VerificationSummary = {
    id: v.parse(VerificationId, request.ids.make('ver')),
    importId: imported.log.id,
    caseId: imported.log.caseId,
    finishedAt: request.clock.now(),
    verdict: report.verdict,
    format: report.format,
    records: report.records,
    anchored: report.anchored,
    head: report.head,
    trustedHead: trustedHeads[0] ?? null,
    findings: countKinds(report.findings),
    seconds: report.throughput.seconds,
  };
  const body: VerificationBody = {
    summary,
    blob: kept.id,
    trustedHeads: [...trustedHeads],
    keys: keys.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') })),
    data: [...request.data],
    recipe,
  };
  return {
    result: summary.id,
    puts: [verificationRecord(body)],
    detail: {
      import: imported.log.id,
      verdict: summary.verdict,
      format: summary.format,
      records: summary.records,
      findings: report.findings.length,
    },
  };
};

/** Bytes at hand as a stream. */
export async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
