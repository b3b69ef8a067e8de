// Answers every permission that a page can ask for: no, but for writing plain text to the clipboard.
import type { Session, WebContents } from 'electron';
import { isWorkbenchDocument } from './origin.ts';

export type PermissionName =
  | Parameters<NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>>[1]
  | Parameters<NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>>[1];

/** Complete by its type: a name that a new Electron adds doesn't compile until someone has decided. */
export const PERMISSIONS: Readonly<Record<PermissionName, 'deny' | 'own-page'>> = {
  'clipboard-read': 'deny',
  'clipboard-sanitized-write': 'own-page',
  'deprecated-sync-clipboard-read': 'deny',
  'display-capture': 'deny',
  fileSystem: 'deny',
  fullscreen: 'deny',
  geolocation: 'deny',
  hid: 'deny',
  'idle-detection': 'deny',
  keyboardLock: 'deny',
  media: 'deny',
  mediaKeySystem: 'deny',
  midi: 'deny',
  midiSysex: 'deny',
  notifications: 'deny',
  openExternal: 'deny',
  pointerLock: 'deny',
  serial: 'deny',
  'speaker-selection': 'deny',
  'storage-access': 'deny',
  'top-level-storage-access': 'deny',
  unknown: 'deny',
  usb: 'deny',
  'window-management': 'deny',
};

export interface Asker {
  readonly url: string;
  readonly isMainFrame: boolean;
}

/** Names that aren't in the table are denied too. */
export const isPermitted = (permission: string, asker: Asker): boolean =>
  Object.hasOwn(PERMISSIONS, permission) &&
  PERMISSIONS[permission as PermissionName] === 'own-page' &&
  asker.isMainFrame &&
  isWorkbenchDocument(asker.url);

const askerOf = (contents: WebContents | null, isMainFrame: boolean): Asker => ({
  url: contents?.getURL() ?? '',
  isMainFrame,
});

type Handlers =
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setUSBProtectedClassesHandler'
  | 'setBluetoothPairingHandler'
  | 'setDisplayMediaRequestHandler';

/** The part of Electron's Session that is used. */
export type PermissionSession = Pick<Session, Handlers> & {
  on(
    event: 'select-hid-device' | 'select-serial-port' | 'select-usb-device' | 'file-system-access-restricted',
    listener: (event: { preventDefault(): void }, ...rest: readonly unknown[]) => void,
  ): unknown;
};

const answer = (callback: unknown, value?: string): void => {
  if (typeof callback === 'function') callback(value);
};

export const denyPermissions = (session: PermissionSession): void => {
  // Reset first: a handler that was set before must not live on should one of the calls below throw.
  session.setPermissionRequestHandler(null);
  session.setPermissionCheckHandler(null);
  session.setPermissionRequestHandler((contents, permission, callback, details) =>
    callback(isPermitted(permission, askerOf(contents, details.isMainFrame))),
  );
  session.setPermissionCheckHandler((contents, permission, _origin, details) =>
    isPermitted(permission, askerOf(contents, details.isMainFrame)),
  );
  session.setDevicePermissionHandler(() => false);
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => [...protectedClasses]);
  session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }));
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
  for (const chooser of ['select-hid-device', 'select-usb-device'] as const) {
    session.on(chooser, (event, ...rest) => {
      event.preventDefault();
      answer(rest.at(-1));
    });
  }
  session.on('select-serial-port', (event, ...rest) => {
    event.preventDefault();
    // An empty id is Electron's way to cancel.
    answer(rest.at(-1), '');
  });
  session.on('file-system-access-restricted', (event, ...rest) => {
    event.preventDefault();
    answer(rest.at(-1), 'deny');
  });
};
