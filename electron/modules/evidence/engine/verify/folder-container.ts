// A pack as an unpacked folder: walked without following links.
import { lstat, open, readdir } from 'node:fs/promises';
import { constants } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { fileError } from '../../../../ports/system-error.ts';
import { MOST_FILES } from '../names.ts';
import { UnsoundFile, collisions, type Container, type PackFile, type Problem } from './container.ts';
import { unsafePath } from './unsafe-path.ts';

const CHUNK = 1024 * 1024;
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

async function* content(path: string, bytes: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, READ_FLAGS).catch(() => {
    throw new UnsoundFile('it can not be read');
  });
  try {
    let read = 0;
    for (;;) {
      const buffer = Buffer.allocUnsafe(CHUNK);
      const { bytesRead } = await file.read(buffer, 0, CHUNK, read).catch(() => {
        throw new UnsoundFile('it can not be read');
      });
      read += bytesRead;
      if (read > bytes || (bytesRead === 0 && read < bytes))
        throw new UnsoundFile('it changed while it was read');
      if (bytesRead === 0) break;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** @throws AppError file.* when the folder itself can't be listed. */
export const openFolderContainer = async (path: string): Promise<Container> => {
  const name = basename(path);
  const files: PackFile[] = [];
  const problems: Problem[] = [];
  const waiting = [''];
  for (let prefix = waiting.pop(); prefix !== undefined; prefix = waiting.pop()) {
    const names = await readdir(join(path, prefix)).catch((error: unknown) => {
      throw fileError(error, prefix === '' ? name : prefix, 'file.not_found');
    });
    for (const each of names) {
      const inside = prefix + each;
      const unsafe = unsafePath(inside);
      if (unsafe !== null) problems.push({ text: `a name holds ${unsafe}`, item: inside });
      const found = await lstat(join(path, inside)).catch(() => null);
      if (found?.isDirectory() === true) waiting.push(`${inside}/`);
      else if (found?.isFile() === true)
        files.push({ path: inside, bytes: found.size, read: () => content(join(path, inside), found.size) });
      else
        problems.push({
          text:
            found?.isSymbolicLink() === true
              ? 'a name is a symbolic link'
              : 'a name is neither a file nor a folder',
          item: inside,
        });
      if (files.length > MOST_FILES)
        throw new AppError('evidence.not_a_pack', { name, reason: `it holds more than ${MOST_FILES} files` });
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return {
    kind: 'folder',
    name,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    sha256: null,
    files,
    problems: [...problems, ...collisions(files.map((file) => file.path))],
    close: () => Promise.resolve(),
  };
};
