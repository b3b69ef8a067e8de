// The window of an open workspace: top bar, rail, the room, and what lies over them.
import { useCallback, useEffect, useMemo } from 'react';
import type { WorkspaceStatus } from '../../shared/model/workspace.ts';
import { useClient, useJobsStore } from '../bridge/provider.tsx';
import { useOperation } from '../bridge/use-operation.ts';
import { useLiveCommands, type Command } from '../state/feature.ts';
import { setLook } from '../state/look.ts';
import type { Place } from '../state/place.ts';
import { useToasts } from '../state/toasts.ts';
import { useUi } from '../state/ui-store.ts';
import { ToastRegion } from '../ui/toast-region.tsx';
import { CommandPalette } from './command-palette.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { FEATURES } from './features.ts';
import { Rail } from './rail.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { APP_TEXT } from './text.ts';
import { TopBar } from './top-bar.tsx';
import { useGlobalKeys, type KeyBinding } from './use-global-keys.ts';
import { useJobToasts } from './use-job-toasts.ts';

const MAIN_ID = 'main';

const go = (place: Place): void => useUi.getState().go(place);

const ROOM_COMMANDS: readonly Command[] = FEATURES.map((feature, index) => ({
  id: `room.${feature.id}`,
  title: feature.title,
  keywords: 'go to room open',
  keys: `Mod+${index + 1}`,
  icon: feature.icon,
  run: () => go({ room: feature.id, params: {} } as Place),
}));

/** All commands that exist now: rooms, features, what the shown screen adds. */
const useAllCommands = (onLock: () => void): readonly Command[] => {
  const live = useLiveCommands((s) => s.live);
  return useMemo(
    () => [
      ...Object.values(live).flat(),
      ...FEATURES.flatMap((feature) => feature.commands),
      ...ROOM_COMMANDS,
      { id: 'app.lock', title: APP_TEXT.lockNow, keywords: 'log out close session', run: onLock },
      {
        id: 'app.shortcuts',
        title: APP_TEXT.shortcuts,
        keywords: 'help keys keyboard map',
        run: () => useUi.getState().openOverlay('shortcuts'),
      },
      {
        id: 'app.jobs',
        title: APP_TEXT.jobs,
        keywords: 'progress tasks running',
        run: () => useUi.getState().openOverlay('jobs'),
      },
    ],
    [live, onLock],
  );
};

/** Theme and density come with the workspace; the device remembers the last ones for the lock screen. */
const useWorkspaceLook = (): void => {
  const settings = useOperation('settings.get', {});
  const theme = settings.data?.theme;
  const density = settings.data?.density;
  useEffect(() => {
    if (theme !== undefined && density !== undefined) setLook({ theme, density });
  }, [theme, density]);
};

export interface FrameProps {
  readonly status: WorkspaceStatus;
  readonly onLock: () => void;
}

export const Frame = ({ status, onLock }: FrameProps) => {
  const client = useClient();
  const jobs = useJobsStore();
  const room = useUi((s) => s.trail.here.room);
  const openOverlay = useUi((s) => s.openOverlay);
  const toasts = useToasts();
  const commands = useAllCommands(onLock);
  const feature = FEATURES.find((f) => f.id === room) ?? FEATURES[0];
  useWorkspaceLook();
  useJobToasts();

  useEffect(() => {
    void client.call('jobs.list', {}).then(
      (list) => jobs.getState().seed(list),
      () => undefined,
    );
    return client.onPush((push) => {
      if (push.type !== 'menu') return;
      if (push.command === 'lock') onLock();
      else openOverlay(push.command);
    });
  }, [client, jobs, onLock, openOverlay]);

  useEffect(() => {
    document.title = `${feature?.title ?? ''} · ${status.name ?? APP_TEXT.productName}`;
  }, [feature, status.name]);

  const closeOverlay = useCallback(() => openOverlay(null), [openOverlay]);
  const bindings = useMemo<readonly KeyBinding[]>(
    () => [
      { keys: 'Mod+K', run: () => openOverlay('palette') },
      { keys: '?', run: () => openOverlay('shortcuts') },
      { keys: 'F1', run: () => openOverlay('shortcuts') },
      { keys: 'Mod+J', run: () => openOverlay('jobs') },
      { keys: 'Alt+ArrowLeft', run: () => useUi.getState().back() },
      { keys: 'Alt+ArrowRight', run: () => useUi.getState().forward() },
      ...commands.flatMap((c) => (c.keys === undefined ? [] : [{ keys: c.keys, run: c.run }])),
    ],
    [commands, openOverlay],
  );
  const always = useMemo<readonly KeyBinding[]>(() => [{ keys: 'Mod+L', run: onLock }], [onLock]);
  useGlobalKeys(bindings, always);

  return (
    <div className="frame">
      <a
        className="skip"
        href={`#${MAIN_ID}`}
        onClick={(event) => {
          event.preventDefault();
          document.getElementById(MAIN_ID)?.focus();
        }}
      >
        {APP_TEXT.skip}
      </a>
      <TopBar status={status} onLock={onLock} />
      <Rail />
      <main id={MAIN_ID} className="room" tabIndex={-1} data-region="">
        {feature === undefined ? null : (
          <ErrorBoundary key={feature.id}>
            <feature.Screen />
          </ErrorBoundary>
        )}
      </main>
      <CommandPalette commands={commands} onClose={closeOverlay} />
      <ShortcutsDialog commands={commands} onClose={closeOverlay} />
      <ToastRegion toasts={toasts.toasts} onDismiss={toasts.dismiss} />
    </div>
  );
};
