// The application menu: editing keys, zoom, lock and quit; developer items only while developing.
import type { MenuItemConstructorOptions } from 'electron';
import type { Push } from '../../shared/contract/bridge.ts';

export type MenuCommand = Extract<Push, { type: 'menu' }>['command'];

export interface MenuFacts {
  readonly platform: NodeJS.Platform;
  readonly packaged: boolean;
  readonly onCommand: (command: MenuCommand) => void;
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };

export const menuTemplate = ({ platform, packaged, onCommand }: MenuFacts): MenuItemConstructorOptions[] => {
  const mac = platform === 'darwin';
  const lock: MenuItemConstructorOptions = {
    label: 'Lock now',
    accelerator: 'CmdOrCtrl+L',
    click: () => onCommand('lock'),
  };
  return [
    ...(mac
      ? [
          {
            label: 'Probity',
            submenu: [{ role: 'about' }, SEPARATOR, lock, SEPARATOR, { role: 'hide' }, { role: 'quit' }],
          } satisfies MenuItemConstructorOptions,
        ]
      : [
          {
            label: '&File',
            submenu: [lock, SEPARATOR, { role: 'quit' }],
          } satisfies MenuItemConstructorOptions,
        ]),
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        SEPARATOR,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        { label: 'Command palette', accelerator: 'CmdOrCtrl+K', click: () => onCommand('palette') },
        SEPARATOR,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        ...(packaged
          ? []
          : ([
              SEPARATOR,
              { role: 'reload' },
              { role: 'toggleDevTools' },
            ] satisfies MenuItemConstructorOptions[])),
      ],
    },
    { label: '&Help', submenu: [{ label: 'Keyboard shortcuts', click: () => onCommand('shortcuts') }] },
  ];
};
