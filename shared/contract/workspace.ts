// Operations on the workspace itself: create, open, lock, unlock, settings, choosing files.
import * as v from 'valibot';
import { FileHandle } from '../model/ids.ts';
import { Settings, WorkspaceStatus } from '../model/workspace.ts';
import { op } from './define.ts';

const nothing = v.strictObject({});
const passphrase = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));

export const ChosenFile = v.strictObject({
  handle: FileHandle,
  name: v.string(),
  kind: v.picklist(['file', 'folder', 'new']),
});

export const workspaceContract = {
  'workspace.status': op({
    kind: 'query',
    session: 'none',
    permission: 'workspace.enter',
    clearance: 'public',
    journal: null,
    input: nothing,
    output: WorkspaceStatus,
  }),
  'workspace.recent': op({
    kind: 'query',
    session: 'none',
    permission: 'workspace.enter',
    clearance: 'public',
    journal: null,
    input: nothing,
    output: v.array(
      v.strictObject({ handle: FileHandle, name: v.string(), folder: v.string(), openedAt: v.string() }),
    ),
  }),
  /** `place` is a handle for the folder that is to be made (from files.chooseNew, purpose workspace). */
  'workspace.create': op({
    kind: 'command',
    session: 'none',
    permission: 'workspace.enter',
    clearance: 'public',
    journal: 'workspace.create',
    input: v.strictObject({
      place: FileHandle,
      passphrase,
      organisation: v.optional(v.pipe(v.string(), v.maxLength(100))),
    }),
    output: WorkspaceStatus,
  }),
  /** Points at a workspace and leaves it locked. */
  'workspace.select': op({
    kind: 'command',
    session: 'none',
    permission: 'workspace.enter',
    clearance: 'public',
    journal: null,
    input: v.strictObject({ place: FileHandle }),
    output: WorkspaceStatus,
  }),
  'workspace.unlock': op({
    kind: 'command',
    session: 'none',
    permission: 'workspace.enter',
    clearance: 'public',
    journal: 'workspace.unlock',
    input: v.strictObject({ passphrase }),
    output: WorkspaceStatus,
  }),
  /** Makes (or makes anew) the sample workspace in the app's own data folder and opens it; its passphrase is shown. */
  'workspace.openSample': op({
    kind: 'command',
    session: 'none',
    permission: 'workspace.enter',
    clearance: 'public',
    journal: 'workspace.openSample',
    input: nothing,
    output: v.strictObject({ status: WorkspaceStatus, passphrase: v.string() }),
  }),
  'workspace.lock': op({
    kind: 'command',
    permission: 'workspace.manage',
    clearance: 'public',
    journal: 'workspace.lock',
    input: nothing,
    output: WorkspaceStatus,
  }),
  'workspace.close': op({
    kind: 'command',
    permission: 'workspace.manage',
    clearance: 'public',
    journal: 'workspace.close',
    input: nothing,
    output: WorkspaceStatus,
  }),
  'settings.get': op({
    kind: 'query',
    permission: 'settings.read',
    clearance: 'internal',
    journal: null,
    input: nothing,
    output: Settings,
  }),
  'settings.set': op({
    kind: 'command',
    permission: 'settings.write',
    clearance: 'internal',
    journal: 'settings.change',
    input: Settings,
    output: Settings,
  }),
  /** Shows the system's dialog. Null when the user cancels. */
  'files.choose': op({
    kind: 'command',
    session: 'none',
    permission: 'files.choose',
    clearance: 'public',
    journal: null,
    input: v.strictObject({
      purpose: v.picklist([
        'log-file',
        'log-folder',
        'key',
        'head',
        'anchor',
        'data',
        'recipe',
        'pack',
        'certificate',
        'workspace',
      ]),
    }),
    output: v.nullable(ChosenFile),
  }),
  'files.chooseNew': op({
    kind: 'command',
    session: 'none',
    permission: 'files.choose',
    clearance: 'public',
    journal: null,
    input: v.strictObject({
      purpose: v.picklist([
        'workspace',
        'pack',
        'report-pdf',
        'report-html',
        'journal',
        'certificate',
        'script',
        'recipe',
        'fork-proof',
      ]),
      suggestedName: v.pipe(v.string(), v.maxLength(200)),
    }),
    output: v.nullable(ChosenFile),
  }),
} as const;
