// The window's confinement, its menu, its dialogs, and the end of its page's memory.
import type { Session } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { type DialogApi, makeDialogs, OPEN, SAVE, safeFileName } from '../../../electron/shell/dialogs.ts';
import { harden, type HardenedApp, ownSwitches } from '../../../electron/shell/hardening.ts';
import { type MenuCommand, menuTemplate } from '../../../electron/shell/menu.ts';
import { PRINT_PREFERENCES } from '../../../electron/shell/pdf-printer.ts';
import { resetPage, type ResettableContents, windowOptions } from '../../../electron/shell/window.ts';

const session = {} as Session;

describe('windowOptions', () => {
  const options = windowOptions({ session, preload: '/p.cjs', icon: '/i.png', dark: true, packaged: true });

  it('confines the page', () => {
    expect(options.webPreferences).toEqual({
      session,
      preload: '/p.cjs',
      devTools: false,
      backgroundThrottling: false,
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
      disableBlinkFeatures: 'FileSystemAccessLocal,FileSystemAccess',
    });
  });

  it('shows nothing before there is something to show, in the colour of the theme', () => {
    expect(options.show).toBe(false);
    expect(
      windowOptions({ session, preload: '', icon: '', dark: false, packaged: false }).backgroundColor,
    ).not.toBe(options.backgroundColor);
    expect([options.minWidth, options.minHeight]).toEqual([960, 640]);
  });

  it('has developer tools only while developing', () => {
    expect(
      windowOptions({ session, preload: '', icon: '', dark: false, packaged: false }).webPreferences
        ?.devTools,
    ).toBe(true);
  });

  it('confines a printed report in the same way, and takes its scripts away', () => {
    const { partition, javascript, devTools, ...rest } = PRINT_PREFERENCES;
    expect({ partition, javascript, devTools }).toEqual({
      partition: 'report',
      javascript: false,
      devTools: false,
    });
    expect(options.webPreferences).toMatchObject(rest);
  });
});

describe('resetPage', () => {
  const contents = (processIds: readonly number[]) => {
    const steps: string[] = [];
    const ids = [...processIds];
    const fake = {
      getOSProcessId: () => ids.shift() ?? 0,
      loadURL: async (url: string) => void steps.push(url),
      forcefullyCrashRenderer: () => void steps.push('crash'),
      isDestroyed: () => false,
      navigationHistory: { clear: () => void steps.push('forget') },
    };
    return { steps, fake: fake as unknown as ResettableContents };
  };

  it('moves the page to another process and forgets where it was', async () => {
    const { steps, fake } = contents([1, 2]);
    await resetPage(fake);
    expect(steps).toEqual(['app://blank/', 'app://workbench/', 'forget']);
  });

  it('crashes a process that would stay', async () => {
    const { steps, fake } = contents([1, 1]);
    await resetPage(fake);
    expect(steps).toEqual(['app://blank/', 'crash', 'app://workbench/', 'forget']);
  });
});

describe('harden', () => {
  const run = (packaged: boolean, sandbox: boolean) => {
    const steps: string[] = [];
    const app = {
      enableSandbox: () => void steps.push('sandbox'),
      commandLine: {
        appendSwitch: (name: string, value?: string) =>
          void steps.push(value === undefined ? name : `${name}=${value}`),
      },
      on: (event: string) => void steps.push(`on ${event}`),
    };
    const registerSchemesAsPrivileged = vi.fn();
    harden({
      app: app as unknown as HardenedApp,
      protocol: { registerSchemesAsPrivileged },
      packaged,
      sandbox,
      devServer: null,
      report: () => {},
    });
    return { steps, schemes: registerSchemesAsPrivileged.mock.calls[0]?.[0] };
  };

  it('sandboxes every page, resolves no name and watches every page and session', () => {
    const { steps, schemes } = run(true, true);
    expect(steps[0]).toBe('sandbox');
    expect(steps).toContain('host-resolver-rules=MAP * ~NOTFOUND');
    expect(steps).toEqual(
      expect.arrayContaining([
        'on session-created',
        'on web-contents-created',
        'disable-background-networking',
        'disable-breakpad',
      ]),
    );
    expect(schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  it('does not revoke a --no-sandbox that was let through', () => {
    expect(run(true, false).steps).not.toContain('sandbox');
  });

  it('turns nothing on', () => {
    for (const packaged of [true, false]) {
      for (const [name] of ownSwitches(packaged))
        expect(name).toMatch(/^(?:disable-|no-|dns-prefetch-disable|host-resolver-rules)/u);
    }
  });
});

describe('menuTemplate', () => {
  const flat = (packaged: boolean, platform: NodeJS.Platform, commands: MenuCommand[] = []) =>
    menuTemplate({ packaged, platform, onCommand: (command) => commands.push(command) }).flatMap(
      ({ submenu }) => (Array.isArray(submenu) ? submenu : []),
    );

  it.each(['linux', 'win32', 'darwin'] as const)(
    'locks with Ctrl+L and shows no developer item when packaged on %s',
    (platform) => {
      const commands: MenuCommand[] = [];
      const items = flat(true, platform, commands);
      const lock = items.find(({ accelerator }) => accelerator === 'CmdOrCtrl+L');
      for (const item of items) Reflect.apply(item.click ?? (() => {}), undefined, []);
      expect(lock?.label).toBe('Lock now');
      expect(commands.toSorted()).toEqual(['lock', 'palette', 'shortcuts']);
      const roles = items.map(({ role }) => role).filter((role) => role !== undefined);
      expect(roles).toEqual(expect.arrayContaining(['copy', 'paste', 'quit']));
      expect(roles.filter((role) => /devtools|reload/iu.test(role))).toEqual([]);
    },
  );

  it('has them while developing', () => {
    expect(flat(false, 'linux').map(({ role }) => role)).toEqual(
      expect.arrayContaining(['reload', 'toggleDevTools']),
    );
  });
});

describe('dialogs', () => {
  const dialogs = (answer: { open?: string[]; save?: string }) => {
    const asked: unknown[] = [];
    const api: DialogApi = {
      open: async (options) => {
        asked.push(options);
        return { canceled: answer.open === undefined, filePaths: answer.open ?? [] };
      },
      save: async (options) => {
        asked.push(options);
        return { canceled: answer.save === undefined, filePath: answer.save ?? '' };
      },
    };
    return { asked, dialogs: makeDialogs(api) };
  };

  it('ask for files or folders, as the purpose says, and leave no trace in the recent files', async () => {
    for (const purpose of Object.keys(OPEN) as (keyof typeof OPEN)[]) {
      const made = dialogs({ open: ['/x/y'] });
      expect(await made.dialogs.choose(purpose)).toBe('/x/y');
      const kind = purpose === 'log-folder' || purpose === 'workspace' ? 'openDirectory' : 'openFile';
      expect(made.asked).toMatchObject([{ properties: [kind, 'dontAddToRecent'] }]);
    }
  });

  it('suggest a name that ends as its purpose does', async () => {
    for (const purpose of Object.keys(SAVE) as (keyof typeof SAVE)[]) {
      const made = dialogs({ save: '/x/z' });
      expect(await made.dialogs.chooseNew(purpose, '../../etc/Case 1')).toBe('/x/z');
      expect(made.asked).toMatchObject([
        {
          defaultPath: `etc-Case 1.${SAVE[purpose].extension}`,
          properties: expect.arrayContaining(['showOverwriteConfirmation']),
        },
      ]);
    }
  });

  it('answer null when the user cancels', async () => {
    expect(await dialogs({}).dialogs.choose('pack')).toBeNull();
    expect(await dialogs({ open: [] }).dialogs.choose('pack')).toBeNull();
    expect(await dialogs({}).dialogs.chooseNew('pack', 'x')).toBeNull();
    expect(await dialogs({ save: '' }).dialogs.chooseNew('pack', 'x')).toBeNull();
  });

  it.each([
    ['report', 'report.pdf'],
    ['report.PDF', 'report.pdf'],
    ['a/b\\c:d', 'a-b-c-d.pdf'],
    ['../../x', 'x.pdf'],
    ['', 'probity.pdf'],
    ['...', 'probity.pdf'],
    ['.pdf', 'probity.pdf'],
    ['a\u0000\u001b[31mb', 'a-[31mb.pdf'],
    ['invoice\u202efdp.exe', 'invoice-fdp.exe.pdf'],
    ['x'.repeat(500), `${'x'.repeat(120)}.pdf`],
    ['trailing. . ', 'trailing.pdf'],
    ['Prüfung 2026 – Müller', 'Prüfung 2026 – Müller.pdf'],
  ])('make %j the plain name %j', (suggested, expected) => {
    expect(safeFileName(suggested, 'pdf')).toBe(expected);
  });
});
