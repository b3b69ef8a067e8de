// Brings a timestamp into a finished pack: a request to carry to an authority, and a copy of the pack with its answer.
import { hash } from 'node:crypto';
import { basename } from 'node:path';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { JobRun } from '../../../jobs/job-kinds.ts';
import { timestampOver, timestampRequest, timestampResponse } from '../../audit/public.ts';
import type { Container, PackFile } from './verify/container.ts';
import { SIGNATURES } from './verify/expected-signatures.ts';
import { bagRoot } from './verify/read-bag.ts';
import { openZipContainer } from './verify/zip-container.ts';
import { ZipSink } from './zip-sink.ts';

const TAG_MANIFEST = 'tagmanifest-sha256.txt';
const MOST_BYTES = 128 * 1024 * 1024;

const readAll = async (file: PackFile): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  for await (const part of file.read()) parts.push(Uint8Array.from(part));
  return Buffer.concat(parts);
};

const withPack = async <T>(
  path: string,
  run: JobRun,
  use: (container: Container, root: string, manifest: Buffer) => Promise<T>,
): Promise<T> => {
  const name = basename(path);
  const container = await openZipContainer(path, () => undefined, run.signal);
  try {
    const [problem] = container.problems;
    if (problem !== undefined) throw new AppError('evidence.not_a_pack', { name, reason: problem.text });
    const root = bagRoot(container.files.map((file) => file.path));
    const manifest = container.files.find((file) => file.path === `${root ?? ''}${TAG_MANIFEST}`);
    if (root === null || manifest === undefined || manifest.bytes > MOST_BYTES)
      throw new AppError('evidence.not_a_pack', { name, reason: `it holds no ${TAG_MANIFEST}` });
    return await use(container, root, await readAll(manifest));
  } finally {
    await container.close();
  }
};

/**
 * The request (TimeStampReq, DER) for a timestamp over the pack's tag manifest, which covers everything in it.
 * @throws AppError evidence.not_a_pack, file.*, job.cancelled
 */
export const requestForPack = (path: string, run: JobRun): Promise<Uint8Array> =>
  withPack(path, run, (_container, _root, manifest) =>
    Promise.resolve(timestampRequest(hash('sha256', manifest, 'buffer'))),
  );

/**
 * Writes a copy of the pack that carries the authority's answer. It joins signatures/, which no manifest lists, so that
 * all digests and signatures stay as they are.
 * @throws AppError evidence.timestamp_wrong when the answer is not a timestamp over this pack, or one is there already;
 * evidence.not_a_pack, file.*, job.cancelled
 */
export const stampPack = (
  path: string,
  token: Uint8Array,
  to: string,
  run: JobRun,
): Promise<{ readonly bytes: number; readonly sha256: string; readonly time: string | null }> =>
  withPack(path, run, async (container, root, manifest) => {
    const name = basename(path);
    const target = `${root}${SIGNATURES.rfc3161}`;
    if (container.files.some((file) => file.path === target))
      throw new AppError('evidence.timestamp_wrong', { name, reason: 'the pack has a timestamp already' });
    const { wrong, time } = timestampOver(token, manifest, []);
    if (wrong[0] !== undefined)
      throw new AppError('evidence.timestamp_wrong', { name, reason: wrong[0].replace(/\.$/u, '') });
    const sink = await ZipSink.create(to);
    try {
      for (const file of container.files) {
        if (run.signal.aborted) throw new AppError('job.cancelled');
        await sink.addStreams([file], () => file.read());
      }
      await sink.addBytes(target, timestampResponse(token));
      return { ...(await sink.finish()), time };
    } catch (error) {
      await sink.discard();
      throw error;
    }
  });
