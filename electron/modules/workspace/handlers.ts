// Binds the operations on the workspace and on choosing files.
import { lstat, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import { DEFAULT_SETTINGS, type WorkspaceStatus } from '../../../shared/model/workspace.ts';
import type { Handlers, HandlersOf, OperationContext } from '../../gateway/operation-context.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileHandles } from '../../ports/file-handles.ts';
import type { Dialogs, Host } from '../../ports/host.ts';
import type { Vault } from '../../store/vault.ts';
import {
  createWorkspace,
  describeWorkspace,
  type WorkspaceSurroundings,
} from '../../store/workspace-folder.ts';
import { newIdentityRecord } from '../evidence/public.ts';
import { settingsRecord } from '../settings/public.ts';
import type { CurrentWorkspace } from './current.ts';
import { noteFailedUnlock, takeFailedUnlocks } from './failed-unlocks.ts';
import { type RecentWorkspaces, shownName } from './recent.ts';

export const OWNER_ID = 'owner';
const SAMPLE_NAME = 'Sample workspace.probity';
/** Shown on the screen that opens the sample: it protects nothing. */
const SAMPLE_PASSPHRASE = 'sample workspace passphrase';

export interface WorkspaceParts {
  readonly current: CurrentWorkspace;
  readonly surroundings: WorkspaceSurroundings;
  readonly handles: FileHandles;
  readonly dialogs: Dialogs;
  readonly host: Host;
  readonly clock: Clock;
  readonly recent: RecentWorkspaces;
  /** Fills a new vault with the sample's story. */
  fillSample(vault: Vault): Promise<void>;
}

const withSuffix = (path: string): string => (path.endsWith('.probity') ? path : `${path}.probity`);

export const statusOf = (current: CurrentWorkspace, host: Host): WorkspaceStatus => ({
  state: current.folder === null ? 'none' : current.vault === null ? 'locked' : 'open',
  name: current.folder === null ? null : shownName(current.folder),
  isSample: current.folder === samplePath(host),
  appVersion: host.appVersion,
  readOnly: current.vault?.readOnly ?? false,
});

const samplePath = (host: Host): string => join(host.userDataDir, SAMPLE_NAME);

export const workspaceHandlers = (parts: WorkspaceParts): HandlersOf<'workspace'> => {
  const { current, host, clock, handles } = parts;
  const status = (): WorkspaceStatus => statusOf(current, host);

  const create = async (
    folder: string,
    passphrase: string,
    organisation: string,
    context: OperationContext,
  ): Promise<Vault> => {
    await current.select(null);
    const vault = await createWorkspace({ ...parts.surroundings, folder, passphrase });
    await vault.commit({
      puts: [
        newIdentityRecord(vault, organisation, clock),
        settingsRecord({ ...DEFAULT_SETTINGS, organisation }),
      ],
      entry: {
        eventType: 'workspace',
        principal: OWNER_ID,
        resource: null,
        action: 'workspace.create',
        result: 'success',
        detail: {},
      },
    });
    await current.adopt(folder, vault);
    context.grantSession(OWNER_ID);
    return vault;
  };

  const unlock = async (passphrase: string, { grantSession, note }: OperationContext): Promise<void> => {
    const folder = current.folder;
    if (folder === null) throw new AppError('workspace.none');
    try {
      await current.unlock(passphrase);
    } catch (error) {
      if (isAppError(error) && error.code === 'workspace.wrong_passphrase')
        await noteFailedUnlock(folder, clock.now());
      throw error;
    }
    note(null, { failedUnlocksBefore: await takeFailedUnlocks(folder) });
    grantSession(OWNER_ID);
    if (folder !== samplePath(host)) await parts.recent.add(folder, clock.now());
  };

  return {
    'workspace.status': status,
    'workspace.recent': async () =>
      (await parts.recent.list()).map(({ path, openedAt }) => ({
        handle: handles.issue(path),
        name: shownName(path),
        folder: basename(dirname(path)),
        openedAt,
      })),
    'workspace.create': async ({ place, passphrase, organisation }, context) => {
      const folder = withSuffix(handles.path(place));
      await create(folder, passphrase, organisation ?? '', context);
      await parts.recent.add(folder, clock.now());
      return status();
    },
    'workspace.select': async ({ place }) => {
      const folder = handles.path(place);
      if (!describeWorkspace(folder).exists)
        throw new AppError('workspace.not_found', { name: basename(folder) });
      await current.select(folder);
      return status();
    },
    'workspace.unlock': async ({ passphrase }, context) => {
      // Already open (the session had ended): the passphrase is still asked for, and proven against the key slots.
      if (current.vault !== null) await current.close();
      await unlock(passphrase, context);
      return status();
    },
    'workspace.openSample': async (_input, context) => {
      const folder = samplePath(host);
      await current.select(null);
      await rm(folder, { recursive: true, force: true });
      const vault = await create(folder, SAMPLE_PASSPHRASE, 'Meridian Health', context);
      await parts.fillSample(vault);
      return { status: status(), passphrase: SAMPLE_PASSPHRASE };
    },
    'workspace.lock': (_input, { after }) => {
      after(() => current.close());
      return { ...status(), state: 'locked' };
    },
    'workspace.close': (_input, { after }) => {
      after(() => current.select(null));
      return { ...status(), state: 'none', name: null, isSample: false };
    },
  };
};

export const fileHandlers = (
  handles: FileHandles,
  dialogs: Dialogs,
): Pick<Handlers, 'files.choose' | 'files.chooseNew'> => ({
  'files.choose': async ({ purpose }) => {
    const path = await dialogs.choose(purpose);
    if (path === null) return null;
    const kind = (await lstat(path)).isDirectory() ? 'folder' : 'file';
    return { handle: handles.issue(path), name: basename(path), kind };
  },
  'files.chooseNew': async ({ purpose, suggestedName }) => {
    const path = await dialogs.chooseNew(purpose, suggestedName);
    return path === null ? null : { handle: handles.issue(path), name: basename(path), kind: 'new' };
  },
});
