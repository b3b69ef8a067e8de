// The one workspace that this process works on: which is selected, whether it is open, and its orderly closing.
import type { Vault } from '../../store/vault.ts';
import { openWorkspace, type WorkspaceSurroundings } from '../../store/workspace-folder.ts';

export interface CurrentParts {
  readonly surroundings: WorkspaceSurroundings;
  /** Runs after a vault was opened: settings, jobs. */
  opened(vault: Vault): Promise<void>;
  /** Runs before a vault is closed: jobs end, caches and sessions go. */
  closing(): Promise<void>;
}

export class CurrentWorkspace {
  readonly #parts: CurrentParts;
  #folder: string | null = null;
  #vault: Vault | null = null;

  constructor(parts: CurrentParts) {
    this.#parts = parts;
  }

  get vault(): Vault | null {
    return this.#vault;
  }

  get folder(): string | null {
    return this.#folder;
  }

  /** Points at a workspace; whatever was open is closed first. */
  async select(folder: string | null): Promise<void> {
    await this.close();
    this.#folder = folder;
  }

  /** @throws AppError workspace.* */
  async unlock(passphrase: string): Promise<void> {
    if (this.#folder === null || this.#vault !== null) return;
    await this.adopt(
      this.#folder,
      await openWorkspace({ ...this.#parts.surroundings, folder: this.#folder, passphrase }),
    );
  }

  /** Takes over a vault that was just created. */
  async adopt(folder: string, vault: Vault): Promise<void> {
    this.#folder = folder;
    this.#vault = vault;
    await this.#parts.opened(vault);
  }

  /** Locks: the vault is closed and its keys are gone; the selection stays. */
  async close(): Promise<void> {
    const vault = this.#vault;
    if (vault === null) return;
    await this.#parts.closing();
    this.#vault = null;
    await vault.close();
  }
}
