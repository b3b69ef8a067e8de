// Every vendor's export as a format: recognised, sealed and checked by the one engine behind them all.
import type { Detection } from '../../../../../shared/model/audit.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import type { AuditFormat } from '../format.ts';
import type { ExportAdapter, ExportSample, Recognition } from './adapter.ts';
import { EXPORT_ADAPTERS } from './export-adapters.ts';
import { exportRecord } from './export-record.ts';
import { openExport, recogniseExport, sampleOfExport } from './open-export.ts';
import { verifyExport } from './verify-export.ts';

/** Files of a folder that are looked at. */
const LOOKED_AT = 6;
const TEXT_NAME = /\.(?:jsonl?|ndjson|log|txt|csv|tsv|cef|leef|xml|gz)$|(?:^|\/)[^.]+$/iu;

const spread = (files: readonly SourceFile[]): readonly SourceFile[] =>
  files.filter((_, at) => at % Math.ceil(files.length / LOOKED_AT) === 0);

/** Every adapter looks at the same beginnings. */
const samples = new WeakMap<SourceFile, Promise<ExportSample>>();

const sampleOf = (file: SourceFile): Promise<ExportSample> => {
  const known = samples.get(file);
  if (known !== undefined) return known;
  const sample = openExport(file).then(sampleOfExport);
  samples.set(file, sample);
  return sample;
};

/** Of a folder more than half of its text files must be known; it is less sure than a single file. */
const detectAs = async (adapter: ExportAdapter, source: Source): Promise<Detection | null> => {
  const isFolder = source.files.length !== 1;
  const files = source.files.filter((file) => file.bytes > 0 && (!isFolder || TEXT_NAME.test(file.name)));
  const looked = spread(files);
  const found: Recognition[] = [];
  for (const file of looked) {
    const recognition = recogniseExport(adapter, await sampleOf(file));
    if (recognition !== null) found.push(recognition);
  }
  const [first] = found;
  if (first === undefined || found.length * 2 <= looked.length) return null;
  const confidence = Math.min(...found.map((each) => each.confidence)) * (isFolder ? 0.9 : 1);
  return { format: adapter.id, title: adapter.title, confidence, reason: first.reason };
};

const formatOf = (adapter: ExportAdapter): AuditFormat => ({
  id: adapter.id,
  title: adapter.title,
  summary: adapter.summary,
  detect: (source) => detectAs(adapter, source),
  verify: (source, options, run) => verifyExport(adapter, source, options, run),
  record: (source, verified, index) => exportRecord(adapter, source, verified, index),
});

/** In the order in which they are shown. */
export const EXPORT_FORMATS: readonly AuditFormat[] = EXPORT_ADAPTERS.map(formatOf);
