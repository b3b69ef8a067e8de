// Which formats a source may be in, best first.
import type { Detection } from '../../../../shared/model/audit.ts';
import { rememberedFile } from '../../../ports/remembered-file.ts';
import type { Source } from '../../../ports/source.ts';
import type { AuditFormat } from './format.ts';

/** Asks every format; sorted by confidence, then by the order of `formats`. [] when nothing fits. */
export const detect = async (
  source: Source,
  formats: readonly AuditFormat[],
): Promise<readonly Detection[]> => {
  const found: Detection[] = [];
  // Some twenty formats look at the same beginning; a folder's files are remembered by whoever walks them.
  const asked = source.kind === 'file' ? { ...source, files: source.files.map(rememberedFile) } : source;
  for (const format of formats) {
    const detection = await format.detect(asked);
    if (detection !== null) found.push(detection);
  }
  return found.toSorted((a, b) => b.confidence - a.confidence);
};
