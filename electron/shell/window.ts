// The one window: how its page is confined, and how that page's memory is thrown away when the workspace locks.
import type {
  BrowserWindow,
  BrowserWindowConstructorOptions,
  Session,
  WebContents,
  WebPreferences,
} from 'electron';
import { BLANK_URL, WORKBENCH_URL } from './origin.ts';

/** In memory only: nothing that the page keeps for itself (storage, caches) reaches the disk. */
export const WORKBENCH_PARTITION = 'workbench';

/** The renderer's background tokens, so that no white flash precedes the first paint. */
export const BACKGROUND = { light: '#f7f8fa', dark: '#14171c' } as const;

/** What every page of ours runs under, the printed report's included. */
export const CONFINED = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  plugins: false,
  webgl: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  safeDialogs: true,
  enableWebSQL: false,
  autoplayPolicy: 'document-user-activation-required',
  // Files come in by the workbench's own dialogs only; a script in the page must not open one of its own.
  disableBlinkFeatures: 'FileSystemAccessLocal,FileSystemAccess',
} as const satisfies WebPreferences;

export interface WindowFacts {
  readonly session: Session;
  readonly preload: string;
  readonly icon: string;
  readonly dark: boolean;
  readonly packaged: boolean;
}

export const windowOptions = (facts: WindowFacts): BrowserWindowConstructorOptions => ({
  title: 'Probity',
  width: 1280,
  height: 860,
  minWidth: 960,
  minHeight: 640,
  show: false,
  autoHideMenuBar: true,
  backgroundColor: facts.dark ? BACKGROUND.dark : BACKGROUND.light,
  icon: facts.icon,
  webPreferences: {
    ...CONFINED,
    session: facts.session,
    preload: facts.preload,
    devTools: !facts.packaged,
    // The page's own timers drive the lock screen's countdown and job clocks, hidden or not.
    backgroundThrottling: false,
  },
});

/** Shown when it has something to show; its title never comes from the page. */
export const openWindow = async (window: BrowserWindow): Promise<void> => {
  window.once('ready-to-show', () => window.show());
  window.on('page-title-updated', (event) => event.preventDefault());
  await window.loadURL(WORKBENCH_URL);
};

/** The part of Electron's WebContents that is used. */
export type ResettableContents = Pick<
  WebContents,
  'getOSProcessId' | 'loadURL' | 'forcefullyCrashRenderer' | 'isDestroyed'
> & {
  readonly navigationHistory: Pick<WebContents['navigationHistory'], 'clear'>;
};

/**
 * Ends the page's process and loads the page anew in another one: what was on the screen, in its variables and in its
 * preload script (the session token) is gone, and there is nothing to go back to. Another host is another site, which
 * Chromium puts into another process; should it ever keep the old one, that is crashed.
 */
export const resetPage = async (contents: ResettableContents): Promise<void> => {
  const before = contents.getOSProcessId();
  await contents.loadURL(BLANK_URL);
  if (contents.getOSProcessId() === before) contents.forcefullyCrashRenderer();
  await contents.loadURL(WORKBENCH_URL);
  contents.navigationHistory.clear();
};
