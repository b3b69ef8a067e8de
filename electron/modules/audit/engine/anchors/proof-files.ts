// Sorts a file or folder into proofs (timestamps) and what lies beside them; for the formats whose records are proofs.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import type { KeyFile, VerifyOptions } from '../format.ts';
import { isNamedFor } from './imprint.ts';
import { readUpTo } from '../merkle/small-file.ts';

/** A proof larger than this is none, in bytes. */
export const PROOF_BYTES = 4 * 1024 * 1024;
/** Small files beside the proofs are offered as companions; more than this are not read. */
const MOST_COMPANIONS = 1000;
const MOST_PROOFS = 10_000;
/** Logs have formats of their own: a folder that holds one is a collection, not a folder of proofs. */
const LOG_NAME = /\.(?:jsonl|ndjson|csv|log|gz|zst|journal|evtx|xml|db|sqlite)$/iu;
/** A JSON file is a log only where it was stamped; else it may say anything, as a list of headers does. */
const JSON_NAME = /\.json$/iu;

export interface ProofFiles {
  readonly proofs: readonly SourceFile[];
  readonly beside: readonly SourceFile[];
}

type Looks = (beginning: Buffer) => boolean;

export const splitProofs = async (source: Source, looks: Looks): Promise<ProofFiles> => {
  const proofs: SourceFile[] = [];
  const beside: SourceFile[] = [];
  for (const file of source.files) {
    const isProof = file.bytes > 0 && file.bytes <= PROOF_BYTES && looks(await readUpTo(file));
    (isProof ? proofs : beside).push(file);
  }
  return { proofs, beside };
};

/** Proofs of a source that is to be verified: a single file is taken for one whatever it looks like. */
export const requireProofs = async (source: Source, format: string, looks: Looks): Promise<ProofFiles> => {
  const found =
    source.kind === 'file' ? { proofs: source.files, beside: [] } : await splitProofs(source, looks);
  const reason =
    found.proofs.length === 0
      ? 'no file in it is a timestamp of this kind'
      : found.proofs.length > MOST_PROOFS
        ? 'it holds more than 10,000 timestamps'
        : found.proofs.some(({ bytes }) => bytes > PROOF_BYTES)
          ? 'it is larger than the 4 MiB that are read of a timestamp'
          : null;
  if (reason !== null) throw new AppError('audit.format_mismatch', { name: source.name, format, reason });
  return found;
};

/** Whether a folder is one of proofs and what they are about, and holds no log that another format verifies. */
export const proofsOfFolder = async (source: Source, looks: Looks): Promise<number> => {
  const names = source.files.map(({ name }) => name);
  const isLog = (name: string): boolean =>
    LOG_NAME.test(name) ||
    (JSON_NAME.test(name) && names.some((proof) => proof !== name && isNamedFor(proof, name)));
  if (names.length > MOST_PROOFS || names.some(isLog)) return 0;
  return (await splitProofs(source, looks)).proofs.length;
};

/** The small files of a folder, read whole. */
export const companionsBeside = async (files: readonly SourceFile[]): Promise<KeyFile[]> => {
  const small = files.filter(({ bytes }) => bytes > 0 && bytes <= PROOF_BYTES).slice(0, MOST_COMPANIONS);
  const read: KeyFile[] = [];
  for (const file of small) read.push({ name: file.name, bytes: await readUpTo(file, PROOF_BYTES) });
  return read;
};

/** How many of the data sources and keys the user named; the others lay in the same folder. */
export const givenOf = (options: VerifyOptions): { readonly data: number; readonly keys: number } => ({
  data: options.dataGiven ?? options.data?.length ?? 0,
  keys: options.keysGiven ?? options.keys.length,
});
