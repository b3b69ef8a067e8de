// Evidence from outside for any log: read once, before the verification; held against its report after it.
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { isAppError } from '../../../../../shared/errors/app-error.ts';
import type { EngineRun, KeyFile } from '../format.ts';
import { readUpTo } from '../merkle/small-file.ts';
import { headersAmong, fileOf } from '../opentimestamps/verify-proofs.ts';
import { readTrustMaterial } from '../rfc3161/certificates.ts';
import { readKeys } from '../signed-note/keys.ts';
import { headsOfFile } from '../trusted-head.ts';
import { COMPARES_CHECKPOINTS, evidence as evidenceOf } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { readEvidence } from './read-evidence.ts';

export { applyAnchors } from './apply-anchors.ts';

export interface PreparedAnchors {
  readonly evidence: readonly Evidence[];
  /** Digests that become trusted heads because verified evidence states them. Lower-case hex, each once. */
  readonly heads: readonly string[];
}

/** Files up to this size may be what a timestamp is over, and hold a head. */
const SMALL_BYTES = 1024 * 1024;

/** A timestamp over a file that states a head vouches for that head. */
const withStampedHeads = (each: Evidence, files: readonly KeyFile[]): Evidence => {
  const { stamped } = each;
  if (!each.verified || stamped === null) return each;
  const file = files.find(({ bytes }) => stamped.digest(bytes) === stamped.hex);
  if (file === undefined) return each;
  try {
    const heads = headsOfFile(file.name, file.bytes);
    return {
      ...each,
      over: file.name,
      heads,
      who: `${each.who}, over ${file.name} with the head ${heads.join(', ')},`,
    };
  } catch (error) {
    if (isAppError(error)) return { ...each, over: file.name };
    throw error;
  }
};

const smallFiles = async (files: readonly SourceFile[]): Promise<KeyFile[]> => {
  const read: KeyFile[] = [];
  for (const file of files)
    if (file.bytes > 0 && file.bytes <= SMALL_BYTES)
      read.push({ name: file.name, bytes: await readUpTo(file, SMALL_BYTES) });
  return read;
};

/**
 * Reads and checks the evidence by itself. `keys` hold roots, revocation lists and vkeys; `data` block headers, and the
 * files that a timestamp may be over.
 * @throws AppError file.* from `data`, job.cancelled
 */
export const prepareAnchors = async (
  anchors: readonly KeyFile[],
  keys: readonly KeyFile[],
  data: readonly Source[],
  run: EngineRun,
): Promise<PreparedAnchors> => {
  if (anchors.length === 0) return { evidence: [], heads: [] };
  const dataFiles = data.flatMap(({ files }) => files);
  const small = [...anchors, ...keys, ...(await smallFiles(dataFiles))];
  const headerFiles = [...dataFiles, ...[...keys, ...anchors].map(fileOf)];
  const means = {
    material: readTrustMaterial(small),
    notes: readKeys(keys).keys,
    headers: await headersAmong(headerFiles, run),
  };
  const evidence: Evidence[] = [];
  for (const file of anchors) evidence.push(withStampedHeads(await readEvidence(file, means), small));
  const stated = evidence.filter(({ verified }) => verified).flatMap(({ heads }) => heads);
  return { evidence, heads: [...new Set(stated)] };
};

/**
 * The evidence for one format. Pasted heads are evidence as well: the report answers them like the files. A format that
 * compares checkpoints itself is not given their roots as heads: an older one is no conflict there.
 */
export const evidenceFor = (
  format: string,
  { evidence }: PreparedAnchors,
  pasted: readonly string[],
): PreparedAnchors => {
  const stated = evidence.filter(
    ({ verified, kind }) => verified && !(kind === 'checkpoint' && COMPARES_CHECKPOINTS.has(format)),
  );
  return {
    evidence: [
      ...pasted.map((head) =>
        // A digest that somebody noted may be that of the log's head, or that of the file.
        evidenceOf('trusted head', 'head', 'The trusted head', {
          verified: true,
          heads: [head],
          file: head,
        }),
      ),
      ...evidence,
    ],
    heads: [...new Set([...pasted, ...stated.flatMap(({ heads }) => heads)])],
  };
};
