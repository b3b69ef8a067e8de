// Writes the sample's exports as files: what an auditor would be handed, ready to be dropped into the window.
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { editObject, metadataDocument, publicKeyList, trailSigner, writeTrail } from '../audit/public.ts';
import { genuineLog, tamperedLog } from './guardian-story.ts';

export interface SampleLogs {
  readonly tampered: string;
  readonly genuine: string;
  /** The trusted head that belongs to both agent logs. */
  readonly headFile: string;
  readonly head: string;
  readonly cloudtrail: string;
}

const put = async (path: string, content: string | Uint8Array): Promise<string> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
};

/** 2026-11-07T18:00:00Z, the night in question. */
const NIGHT = 1_794_074_400;

const writeCloudTrail = async (folder: string): Promise<void> => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signer = trailSigner(privateKey);
  const trail = writeTrail({
    seed: 'meridian',
    account: '111122223333',
    region: 'eu-central-1',
    trail: 'hospital-trail',
    bucket: 'meridian-audit',
    start: NIGHT,
    digests: 12,
    logsPerDigest: 3,
    eventsPerLog: 8,
    signer: () => signer,
  });
  const [edited, removed] = [trail.logs[16], trail.digests[8]];
  for (const [key, stored] of trail.objects) {
    if (key === removed) continue;
    const bytes =
      key === edited
        ? editObject(stored, (text) => text.replace('"readOnly":true', '"readOnly":false'))
        : stored;
    await put(join(folder, 's3', ...key.split('/')), bytes);
  }
  await put(
    join(folder, 'list-public-keys.json'),
    publicKeyList([signer], NIGHT - 30 * 86_400, NIGHT + 30 * 86_400),
  );
  await put(join(folder, 's3-object-metadata.json'), metadataDocument([trail]));
};

/** Fills `folder`, which must exist and be empty. */
export const writeSampleLogs = async (folder: string): Promise<SampleLogs> => {
  const [genuine, tampered] = [genuineLog(), tamperedLog()];
  const cloudtrail = join(folder, 'cloudtrail-2026-11-07');
  await writeCloudTrail(cloudtrail);
  return {
    tampered: await put(join(folder, 'letter-assistant-export.jsonl'), tampered.text),
    genuine: await put(join(folder, 'letter-assistant-backup.jsonl'), genuine.text),
    headFile: await put(
      join(folder, 'head-noted-by-security-officer.txt'),
      `${genuine.head}  letter-assistant, noted 2026-11-09 by phone\n`,
    ),
    head: genuine.head,
    cloudtrail,
  };
};
