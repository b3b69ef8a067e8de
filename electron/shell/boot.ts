// What both ways of starting share: Electron's parts, where things lie, and the PDF printer.
import type * as Electron from 'electron';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Host, PdfPrinter } from '../ports/host.ts';
import type { SpawnHostProcess } from '../ports/host-process.ts';
import type { Flavour } from './baked.ts';
import { harden } from './hardening.ts';
import type { SecurityEvent } from './navigation.ts';
import { APP_SCHEME } from './origin.ts';
import { makePdfPrinter, REPORT_PARTITION, ReportShelf } from './pdf-printer.ts';
import { utilityHostSpawner } from './utility-host.ts';
import type { WorkbenchParts } from './workbench-port.ts';

type ElectronParts =
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'nativeTheme'
  | 'powerMonitor'
  | 'protocol'
  | 'session'
  | 'utilityProcess'
  | 'WebContentsView';

export interface Boot {
  readonly electron: Pick<typeof Electron, ElectronParts>;
  /** The app's folder, or app.asar when packaged. */
  readonly appRoot: string;
  readonly packaged: boolean;
  readonly flavour: Flavour;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Vite's address while developing; a packaged app never looks. */
export const devServerOf = ({ packaged, env }: Boot): string | null => {
  const address = packaged ? undefined : env['ELECTRON_RENDERER_URL'];
  return address !== undefined && /^http:\/\/localhost:\d+$/u.test(address) ? address : null;
};

/** Tests bring their own folder; development keeps apart from an installed Probity. Before the ready event. */
export const placeUserData = ({ electron: { app }, packaged, flavour, env }: Boot): void => {
  const given = env['PROBITY_USER_DATA'];
  if (flavour !== 'release' && given !== undefined && given !== '') app.setPath('userData', given);
  else if (!packaged) app.setPath('userData', `${app.getPath('userData')} (development)`);
};

export const hostOf = ({ electron: { app }, appRoot }: Boot): Host => ({
  appVersion: app.getVersion(),
  resourcesDir: join(appRoot, 'resources'),
  userDataDir: app.getPath('userData'),
});

/** Each kind of event is said once: a hostile page can't flood the terminal, and no address is repeated. */
export const eventReporter = (write: (line: string) => unknown): ((event: SecurityEvent) => void) => {
  const said = new Set<SecurityEvent>();
  return (event) => {
    if (said.has(event)) return;
    said.add(event);
    write(`Probity blocked: ${event}\n`);
  };
};

/** A released app keeps a bug's text to itself: it may carry data of the user's. */
export const explain = ({ flavour }: Boot, error: unknown): void => {
  if (flavour !== 'release')
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
};

/** Before the ready event. */
export const hardenBoot = (boot: Boot): void =>
  harden({
    app: boot.electron.app,
    protocol: boot.electron.protocol,
    packaged: boot.packaged,
    sandbox: !boot.electron.app.commandLine.hasSwitch('no-sandbox'),
    devServer: devServerOf(boot),
    report: eventReporter((line) => process.stderr.write(line)),
  });

/** The printer's session is opened at the first print: a session costs start-up time. */
const printerOf = ({ electron: { WebContentsView, session } }: Boot): PdfPrinter => {
  const shelf = new ReportShelf();
  let served = false;
  return makePdfPrinter(shelf, (webPreferences) => {
    if (!served) session.fromPartition(REPORT_PARTITION).protocol.handle(APP_SCHEME, shelf.answer);
    served = true;
    // The view owns its contents: without a reference to it the contents are destroyed at the next garbage collection.
    const view = new WebContentsView({ webPreferences });
    return {
      loadURL: (url) => view.webContents.loadURL(url),
      printToPDF: (options) => view.webContents.printToPDF(options),
      close: () => view.webContents.close(),
    };
  });
};

const spawnerOf = ({ electron: { utilityProcess }, env }: Boot): SpawnHostProcess =>
  utilityHostSpawner(utilityProcess, env);

export const entryOf =
  ({ appRoot }: Boot): WorkbenchParts['entry'] =>
  (name) =>
    pathToFileURL(join(appRoot, 'out', 'electron', `${name}.js`));

/** What the workbench needs of its surroundings, with a window or without. */
export const partsOf = (boot: Boot): Omit<WorkbenchParts, 'dialogs'> => ({
  host: hostOf(boot),
  printer: printerOf(boot),
  spawn: spawnerOf(boot),
  entry: entryOf(boot),
  unexpected: (_traceId, _operation, error) => explain(boot, error),
});

/** 128 random bits for a page's style nonce. */
export const newNonce = (): string => randomBytes(16).toString('base64');
