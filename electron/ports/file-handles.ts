// Paths stay in the main process: the page holds opaque handles, good for this run of the app only.
import * as v from 'valibot';
import { AppError } from '../../shared/errors/app-error.ts';
import { FileHandle } from '../../shared/model/ids.ts';
import { randomIds } from './clock.ts';

/** Oldest handles give way, so that a page can't fill the memory. */
const MOST_HANDLES = 4096;

export class FileHandles {
  readonly #paths = new Map<FileHandle, string>();

  /** One path has one handle. */
  issue(path: string): FileHandle {
    for (const [handle, known] of this.#paths) if (known === path) return handle;
    const handle = v.parse(FileHandle, randomIds.make('file'));
    this.#paths.set(handle, path);
    if (this.#paths.size > MOST_HANDLES) {
      const [oldest] = this.#paths.keys();
      if (oldest !== undefined) this.#paths.delete(oldest);
    }
    return handle;
  }

  /** @throws AppError file.handle_unknown */
  path(handle: FileHandle): string {
    const path = this.#paths.get(handle);
    if (path === undefined) throw new AppError('file.handle_unknown');
    return path;
  }
}
