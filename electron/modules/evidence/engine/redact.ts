// Makes a copy of a pack that withholds what chosen records say: everything else in it, and its signature, stays as it is.
import { basename } from 'node:path';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { JobRun } from '../../../jobs/job-kinds.ts';
import type { Container, PackFile } from './verify/container.ts';
import { openingIndex } from './names.ts';
import { bagRoot } from './verify/read-bag.ts';
import { openZipContainer } from './verify/zip-container.ts';
import { ZipSink } from './zip-sink.ts';

export interface Redaction {
  readonly bytes: number;
  readonly sha256: string;
  /** Paths in the pack of the openings that were left out. */
  readonly withheld: readonly string[];
}

const QUOTED_LIST = /^data\/(?:verifications\/\d+\/)?quoted-records\.json$/u;
const MOST_LIST_BYTES = 64 * 1024 * 1024;

const textOf = async (file: PackFile): Promise<string> => {
  const parts: Uint8Array[] = [];
  for await (const part of file.read()) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
};

const reportQuotes = (text: string): boolean => {
  try {
    const list: unknown = JSON.parse(text);
    return (
      typeof list !== 'object' || list === null || !('reportQuotes' in list) || list.reportQuotes !== false
    );
  } catch {
    return true;
  }
};

/** Why the pack shows its records elsewhere too, as a clause; null where it doesn't. */
const alsoShownIn = async (container: Container, top: string): Promise<string | null> => {
  const inBag = container.files.map((file) => ({ file, path: file.path.slice(top.length) }));
  if (!inBag.some(({ path }) => openingIndex(path) !== null))
    return 'it quotes no records as files of their own';
  if (inBag.some(({ path }) => path.startsWith('data/evidence/'))) return 'it holds the log itself';
  for (const { file, path } of inBag) {
    if (!QUOTED_LIST.test(path)) continue;
    if (file.bytes > MOST_LIST_BYTES || reportQuotes(await textOf(file)))
      return 'its report quotes the records too';
  }
  return null;
};

/**
 * Copies the archive at `pack` to `to` (which must not exist) without the openings of records that are not in `keep`.
 * Nobody's key is needed: the signatures cover the manifests, which go on listing what is withheld.
 * @throws AppError evidence.cannot_redact where records would still be shown elsewhere, evidence.not_a_pack, file.*
 */
export const redactPack = async (
  pack: string,
  keep: ReadonlySet<number>,
  to: string,
  run: JobRun,
): Promise<Redaction> => {
  const name = basename(pack);
  const container = await openZipContainer(pack, () => undefined, run.signal);
  try {
    const top = bagRoot(container.files.map(({ path }) => path));
    if (top === null) throw new AppError('evidence.not_a_pack', { name, reason: 'it holds no bagit.txt' });
    if (container.problems.length > 0)
      throw new AppError('evidence.cannot_redact', { name, reason: 'its archive is damaged' });
    const reason = await alsoShownIn(container, top);
    if (reason !== null) throw new AppError('evidence.cannot_redact', { name, reason });
    const isKept = ({ path }: PackFile): boolean => {
      const index = openingIndex(path.slice(top.length));
      return index === null || keep.has(index);
    };
    const kept = container.files.filter(isKept);
    const sink = await ZipSink.create(to);
    try {
      await sink.addStreams(kept, (at) => (kept[at] as PackFile).read());
      return {
        ...(await sink.finish()),
        withheld: container.files.filter((file) => !isKept(file)).map(({ path }) => path.slice(top.length)),
      };
    } catch (error) {
      await sink.discard();
      throw error;
    }
  } finally {
    await container.close();
  }
};
