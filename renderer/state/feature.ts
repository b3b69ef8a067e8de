// How a feature makes itself known to the frame: its room, its screen, its commands.
import type { LucideIcon } from 'lucide-react';
import { useEffect, type ComponentType } from 'react';
import { create } from 'zustand';
import type { RoomId } from './place.ts';

export interface Command {
  /** Unique: `audit.import`. */
  readonly id: string;
  /** What it does, as an imperative: "Verify the selected log". */
  readonly title: string;
  /** Other words that people may type. */
  readonly keywords?: string;
  /** E.g. `Mod+Shift+V`; also listed in the shortcuts dialog. */
  readonly keys?: string;
  readonly icon?: LucideIcon;
  readonly run: () => void;
}

export interface Feature {
  readonly id: RoomId;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly Screen: ComponentType;
  /** Commands that work from anywhere (they usually navigate with an intent). */
  readonly commands: readonly Command[];
  /** Keys inside the screen that are no commands, for the shortcuts dialog. */
  readonly shortcuts: readonly { readonly keys: string; readonly does: string }[];
}

interface CommandState {
  readonly live: Readonly<Record<string, readonly Command[]>>;
  readonly put: (owner: string, commands: readonly Command[]) => void;
  readonly drop: (owner: string) => void;
}

export const useLiveCommands = create<CommandState>((set) => ({
  live: {},
  put: (owner, commands) => set((s) => ({ live: { ...s.live, [owner]: commands } })),
  drop: (owner) =>
    set((s) => {
      const { [owner]: _gone, ...rest } = s.live;
      return { live: rest };
    }),
}));

/** Commands that exist only while a screen shows something; memoise the list. */
export const useCommands = (owner: string, commands: readonly Command[]): void => {
  useEffect(() => {
    const { put, drop } = useLiveCommands.getState();
    put(owner, commands);
    return () => drop(owner);
  }, [owner, commands]);
};
