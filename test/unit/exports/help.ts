// What the tests of exports share: writing, verifying, and the findings that bear on something.
import * as v from 'valibot';
import { detect } from '../../../electron/modules/audit/engine/detect.ts';
import { EXPORT_FORMATS } from '../../../electron/modules/audit/engine/exports/export-formats.ts';
import type { AuditFormat, Verified } from '../../../electron/modules/audit/engine/format.ts';
import type { Source } from '../../../electron/ports/source.ts';
import { VerificationReport } from '../../../shared/model/verdict.ts';
import type { Finding } from '../../../shared/model/verdict.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';
import { VENDOR_EXPORTS } from '../../fixtures/exports/vendors.ts';
import type { VendorExport } from '../../fixtures/exports/vendors.ts';

export const formatNamed = (id: string): AuditFormat => {
  const format = EXPORT_FORMATS.find((each) => each.id === id);
  if (format === undefined) throw new Error(`no format ${id}`);
  return format;
};

export const vendorNamed = (name: string): VendorExport => {
  const found = VENDOR_EXPORTS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no export ${name}`);
  return found;
};

export const verifySource = async (
  source: Source,
  format: string,
  trustedHeads: readonly string[] = [],
): Promise<Verified> => {
  const verified = await formatNamed(format).verify(source, { trustedHeads, keys: [] }, quietRun);
  v.parse(VerificationReport, verified.report);
  return verified;
};

export const verifyRecords = async (
  vendor: VendorExport,
  records: readonly string[],
  trustedHeads: readonly string[] = [],
): Promise<VerificationReport> =>
  (await verifySource(memorySource(vendor.write(records), vendor.file), vendor.format, trustedHeads)).report;

export const verifyText = async (
  content: string | Uint8Array,
  format: string,
  chunkBytes?: number,
): Promise<VerificationReport> =>
  (await verifySource(memorySource(content, 'log', chunkBytes), format)).report;

export const bestOf = async (source: Source): Promise<string | null> =>
  (await detect(source, EXPORT_FORMATS))[0]?.format ?? null;

/** Without remarks on the form of the file. */
export const telling = (report: VerificationReport): Finding[] =>
  report.findings.filter(({ kind }) => kind !== 'REPAIRED');

export const ofKind = (report: VerificationReport, kind: Finding['kind']): Finding[] =>
  report.findings.filter((finding) => finding.kind === kind);

export const memoryFolder = (files: Readonly<Record<string, string>>): Source => ({
  name: 'folder',
  kind: 'folder',
  files: Object.keys(files)
    .toSorted()
    .map((name) => {
      const [file] = memorySource(files[name] ?? '', name).files;
      if (file === undefined) throw new Error('no file');
      return file;
    }),
});
