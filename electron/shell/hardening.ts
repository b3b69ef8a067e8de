// Turns off, before the app is ready, what Chromium would do of its own accord; and guards every page and session.
import type { App, Protocol, Session, WebContents } from 'electron';
import { guardNavigation, type SecurityEvent } from './navigation.ts';
import { lockNetwork } from './network-lock.ts';
import { APP_SCHEME } from './origin.ts';
import { denyPermissions } from './permissions.ts';

/** Switches of our own, added after the launch guard has judged the user's. */
export const ownSwitches = (packaged: boolean): readonly (readonly [string, string?])[] => [
  // Every name fails to resolve, so that not even a bug in a request filter finds a way out.
  ['host-resolver-rules', packaged ? 'MAP * ~NOTFOUND' : 'MAP * ~NOTFOUND, EXCLUDE localhost'],
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['disable-breakpad'],
  ['disable-sync'],
  ['dns-prefetch-disable'],
  ['no-pings'],
  ['no-proxy-server'],
];

/** The part of Electron's App that is used. */
export type HardenedApp = Pick<App, 'enableSandbox'> & {
  readonly commandLine: { appendSwitch(name: string, value?: string): void };
  on(event: 'web-contents-created', listener: (event: unknown, contents: WebContents) => void): unknown;
  on(event: 'session-created', listener: (session: Session) => void): unknown;
};

export interface HardeningParts {
  readonly app: HardenedApp;
  readonly protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>;
  readonly packaged: boolean;
  /** false where the launch guard let `--no-sandbox` through: enableSandbox() would revoke it and root's children die. */
  readonly sandbox: boolean;
  readonly devServer: string | null;
  readonly report: (event: SecurityEvent) => void;
}

/** Call once, before the ready event. */
export const harden = ({ app, protocol, packaged, sandbox, devServer, report }: HardeningParts): void => {
  if (sandbox) app.enableSandbox();
  for (const [name, value] of ownSwitches(packaged)) {
    if (value === undefined) app.commandLine.appendSwitch(name);
    else app.commandLine.appendSwitch(name, value);
  }
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  const development = devServer === null ? [] : [devServer, devServer.replace(/^http/u, 'ws'), 'devtools:/'];
  app.on('session-created', (session) => {
    denyPermissions(session);
    lockNetwork(session, development).catch(() => report('session'));
  });
  app.on('web-contents-created', (_event, contents) => guardNavigation(contents, report));
};
