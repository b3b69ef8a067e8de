// Theme and density on the root element, remembered on this device so that the lock screen has them too.
import type { Settings } from '../../shared/model/workspace.ts';

export type Theme = Settings['theme'];
export type Density = Settings['density'];

const KEY = 'probity.look';

export interface Look {
  readonly theme: Theme;
  readonly density: Density;
  /** Shortcuts of one printable key (WCAG 2.1.4 asks for a way to turn them off). */
  readonly singleKeys: boolean;
}

export const DEFAULT_LOOK: Look = { theme: 'system', density: 'comfortable', singleKeys: true };

/** What a stored text says; anything unknown falls back to the default. */
export const readLook = (text: string | null): Look => {
  let found: unknown = null;
  try {
    found = text === null ? null : JSON.parse(text);
  } catch {
    return DEFAULT_LOOK;
  }
  if (typeof found !== 'object' || found === null) return DEFAULT_LOOK;
  const { theme, density, singleKeys } = found as Record<string, unknown>;
  return {
    theme: theme === 'light' || theme === 'dark' || theme === 'contrast' ? theme : 'system',
    density: density === 'compact' ? 'compact' : 'comfortable',
    singleKeys: singleKeys !== false,
  };
};

export const resolveTheme = (
  theme: Theme,
  prefers: { readonly dark: boolean; readonly contrast: boolean },
): 'light' | 'dark' | 'contrast' =>
  theme !== 'system' ? theme : prefers.contrast ? 'contrast' : prefers.dark ? 'dark' : 'light';

let current: Look = DEFAULT_LOOK;
const listeners = new Set<() => void>();

const apply = (): void => {
  const root = document.documentElement;
  root.dataset['theme'] = resolveTheme(current.theme, {
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    contrast: matchMedia('(prefers-contrast: more)').matches,
  });
  root.dataset['density'] = current.density;
};

export const getLook = (): Look => current;
export const subscribeLook = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

export const setLook = (change: Partial<Look>): void => {
  current = { ...current, ...change };
  apply();
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Storage may be off in this window; the look then lasts until the window closes.
  }
  for (const listener of listeners) listener();
};

/** Called once before the first render. */
export const startLook = (): void => {
  let text: string | null = null;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    text = null;
  }
  current = readLook(text);
  apply();
  for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'])
    matchMedia(query).addEventListener('change', apply);
};
