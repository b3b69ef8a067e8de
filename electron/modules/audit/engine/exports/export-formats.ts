// Every vendor's export as a format: recognised, sealed and checked by the one engine behind them all.
import type { Detection } from '../../../../../shared/model/audit.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import type { AuditFormat } from '../format.ts';
import type { ExportAdapter, ExportSample, Recognition } from './adapter.ts';
import { EXPORT_ADAPTERS } from './export-adapters.ts';
import { EXPORT_METHOD } from './export-method.ts';
import { exportRecord } from './export-record.ts';
import { HASHED_CONFIDENCE, openExport, recogniseExport, sampleOfExport } from './open-export.ts';
import { verifyExport } from './verify-export.ts';

/** Files of a folder that are looked at. */
const LOOKED_AT = 200;
const LOG_NAME = /\.(?:jsonl?|ndjson|log|csv|tsv|cef|leef|xml)(?:[.-]\d{1,14})?(?:\.gz)?$|\.gz$/iu;
/** Surer than a folder of several logs of any make, less sure than any single log with hashes. */
const FOLDER_CONFIDENCE = 0.45;

const spread = (files: readonly SourceFile[]): readonly SourceFile[] =>
  files.filter((_, at) => at % Math.max(1, Math.ceil(files.length / LOOKED_AT)) === 0);

/** Every adapter looks at the same beginnings. */
const samples = new WeakMap<SourceFile, Promise<ExportSample>>();

const sampleOf = (file: SourceFile): Promise<ExportSample> => {
  const known = samples.get(file);
  if (known !== undefined) return known;
  const sample = openExport(file).then(sampleOfExport);
  samples.set(file, sample);
  return sample;
};

/** All that is named like a log in a folder must be of this make; otherwise it is a folder of several logs. */
const detectAs = async (adapter: ExportAdapter, source: Source): Promise<Detection | null> => {
  const isFolder = source.files.length !== 1;
  const files = source.files.filter((file) => file.bytes > 0 && (!isFolder || LOG_NAME.test(file.name)));
  let best: Recognition | null = null;
  for (const file of spread(files)) {
    const found = recogniseExport(adapter, await sampleOf(file));
    if (found === null || (isFolder && found.confidence <= HASHED_CONFIDENCE)) return null;
    if (best === null || found.confidence < best.confidence) best = found;
  }
  if (best === null) return null;
  const confidence = isFolder ? Math.min(FOLDER_CONFIDENCE, best.confidence) : best.confidence;
  return { format: adapter.id, title: adapter.title, confidence, reason: best.reason };
};

const formatOf = (adapter: ExportAdapter): AuditFormat => ({
  id: adapter.id,
  title: adapter.title,
  summary: adapter.summary,
  method: EXPORT_METHOD,
  detect: (source) => detectAs(adapter, source),
  verify: (source, options, run) => verifyExport(adapter, source, options, run),
  record: (source, verified, index) => exportRecord(adapter, source, verified, index),
});

/** In the order in which they are shown. */
export const EXPORT_FORMATS: readonly AuditFormat[] = EXPORT_ADAPTERS.map(formatOf);
