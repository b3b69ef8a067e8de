// Keeps every page where it is: no navigation, no window, no embedded view, no device chooser.
import type { WebContents } from 'electron';
import { isWorkbenchDocument } from './origin.ts';

/** What was blocked; addresses are left out, because a link in an imported file may carry personal data. */
export type SecurityEvent =
  | 'navigation'
  | 'redirect'
  | 'frame-navigation'
  | 'window-open'
  | 'webview'
  | 'bluetooth'
  | 'session';

interface Cancellable {
  preventDefault(): void;
}
interface Navigation extends Cancellable {
  readonly url: string;
  readonly isMainFrame: boolean;
}

/** The part of Electron's WebContents that is used. */
export type GuardableContents = Pick<WebContents, 'setWindowOpenHandler' | 'setWebRTCIPHandlingPolicy'> & {
  on(
    event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate',
    listener: (navigation: Navigation) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: Cancellable) => void): unknown;
  on(
    event: 'select-bluetooth-device',
    listener: (event: Cancellable, devices: readonly unknown[], callback: (id: string) => void) => void,
  ): unknown;
};

/** The page may load itself anew (after an error); everything else is a link that it must not follow. */
const isReload = (navigation: Navigation): boolean =>
  navigation.isMainFrame && isWorkbenchDocument(navigation.url);

const NAVIGATIONS = [
  ['will-navigate', 'navigation'],
  ['will-redirect', 'redirect'],
  ['will-frame-navigate', 'frame-navigation'],
] as const satisfies readonly (readonly [string, SecurityEvent])[];

export const guardNavigation = (
  contents: GuardableContents,
  report: (event: SecurityEvent) => void,
): void => {
  for (const [event, name] of NAVIGATIONS) {
    contents.on(event, (navigation) => {
      if (event !== 'will-redirect' && isReload(navigation)) return;
      navigation.preventDefault();
      report(name);
    });
  }
  contents.setWindowOpenHandler(() => {
    report('window-open');
    return { action: 'deny' };
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    report('webview');
  });
  contents.on('select-bluetooth-device', (event, _devices, callback) => {
    event.preventDefault();
    callback('');
    report('bluetooth');
  });
  // No policy header covers WebRTC: without a proxy this setting leaves it no UDP socket.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
};
