// Gathers the public keys and the metadata that a verification may use: what the user gave, else what lies in the folder.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { KeyFile } from '../format.ts';
import { readJson } from './json-text.ts';
import type { KeyList, PublicKey } from './public-keys.ts';
import type { Scan } from './scan.ts';
import { readSidecar } from './sidecars.ts';
import type { MetadataIndex } from './sidecars.ts';
import type { Keyring } from './signatures.ts';

const keyringOf = (lists: readonly KeyList[], given: boolean): Keyring => {
  const byFingerprint = new Map<string, PublicKey[]>();
  for (const key of lists.flatMap((list) => list.keys)) {
    const known = byFingerprint.get(key.fingerprint);
    if (known === undefined) byFingerprint.set(key.fingerprint, [key]);
    else known.push(key);
  }
  return { byFingerprint, given };
};

const invalid = (name: string, reason: string): AppError =>
  new AppError('audit.key_invalid', { name, reason });

/** What the user named must be of use; what lay beside the log may be anything. */
const listsIn = (files: readonly KeyFile[], isGiven: boolean, metadata: MetadataIndex): KeyList[] => {
  const lists: KeyList[] = [];
  for (const { name, bytes } of files) {
    const value = readJson(bytes);
    const sidecar = value === undefined ? null : readSidecar(name, value);
    if (sidecar === null && !isGiven) continue;
    if (value === undefined) throw invalid(name, 'it is not JSON');
    if (sidecar === null) throw invalid(name, 'it holds neither a PublicKeyList nor S3 metadata');
    if (sidecar.kind === 'metadata') {
      metadata.add(sidecar.named);
      continue;
    }
    if (sidecar.list.keys.length === 0 && isGiven)
      throw invalid(
        name,
        sidecar.list.broken.length > 0 ? 'its keys are not RSA keys' : 'its PublicKeyList is empty',
      );
    lists.push(sidecar.list);
  }
  return lists;
};

/**
 * Keys that the user gave replace those in the folder: whoever could alter the folder could also have put a key there.
 * Metadata that the user gave is added to the folder's. `given`: how many files, from the front, the user named.
 * @throws AppError('audit.key_invalid') for a given file that is of no use.
 */
export const gatherKeys = (scanned: Scan, files: readonly KeyFile[], given = files.length): Keyring => {
  const lists = listsIn(files.slice(0, given), true, scanned.metadata);
  const found = listsIn(files.slice(given), false, scanned.metadata);
  if (lists.length > 0) return keyringOf(lists, true);
  return keyringOf([...scanned.keyLists.map(({ list }) => list), ...found], false);
};
