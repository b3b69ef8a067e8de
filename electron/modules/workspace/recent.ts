// The recently opened workspaces: names and places only, in the app's own data folder.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';

const Recent = v.array(v.strictObject({ path: v.string(), openedAt: v.string() }));
export type Recent = v.InferOutput<typeof Recent>;

const MOST = 8;

export class RecentWorkspaces {
  readonly #file: string;

  constructor(userDataDir: string) {
    this.#file = join(userDataDir, 'recent.json');
  }

  /** Newest first. A missing or damaged list is an empty one. */
  async list(): Promise<Recent> {
    const text = await readFile(this.#file, 'utf8').catch(() => '[]');
    try {
      const parsed = v.safeParse(Recent, JSON.parse(text));
      return parsed.success ? parsed.output : [];
    } catch {
      return [];
    }
  }

  /** A list that can't be kept is no reason to refuse the work. */
  async add(path: string, openedAt: string): Promise<void> {
    const others = (await this.list()).filter((each) => each.path !== path);
    const partial = `${this.#file}.partial`;
    try {
      await mkdir(dirname(this.#file), { recursive: true });
      await writeFile(partial, JSON.stringify([{ path, openedAt }, ...others].slice(0, MOST)), {
        mode: 0o600,
      });
      await rename(partial, this.#file);
    } catch {
      return;
    }
  }
}

export const shownName = (path: string): string => basename(path).replace(/\.probity$/u, '');
