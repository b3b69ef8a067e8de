// Locks the workspace when its user is away: no input for a while, a locked screen, a sleeping machine.
import type { PowerMonitor } from 'electron';

type Reason = 'idle' | 'suspend' | 'screen';

/** The part of Electron's PowerMonitor that is used. */
export type PowerEvents = Pick<PowerMonitor, 'getSystemIdleTime'> & {
  on(event: 'suspend' | 'lock-screen' | 'user-did-resign-active', listener: () => void): unknown;
  off(event: 'suspend' | 'lock-screen' | 'user-did-resign-active', listener: () => void): unknown;
};

export interface IdleLockParts {
  readonly power: PowerEvents;
  readonly lock: (reason: Reason) => Promise<void>;
  /** 0 = never. */
  readonly minutes: () => number;
}

/** How often the idle time is looked at, in milliseconds: the lock comes at most this much late. */
export const IDLE_CHECK = 10_000;

/** Starts watching; returns the way to stop. Several events at once (a lid closes) make one lock. */
export const startIdleLock = ({ power, lock, minutes }: IdleLockParts): (() => void) => {
  let locking = false;
  const lockOnce = (reason: Reason): void => {
    if (locking) return;
    locking = true;
    const done = (): void => {
      locking = false;
    };
    lock(reason).then(done, done);
  };

  const check = setInterval(() => {
    const limit = minutes();
    if (limit > 0 && power.getSystemIdleTime() >= limit * 60) lockOnce('idle');
  }, IDLE_CHECK);

  const suspend = (): void => lockOnce('suspend');
  const screen = (): void => lockOnce('screen');
  power.on('suspend', suspend);
  power.on('lock-screen', screen);
  power.on('user-did-resign-active', screen);
  return () => {
    clearInterval(check);
    power.off('suspend', suspend);
    power.off('lock-screen', screen);
    power.off('user-did-resign-active', screen);
  };
};
