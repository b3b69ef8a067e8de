// Shortcuts that work everywhere, and those of the commands that exist now.
import { useEffect } from 'react';
import { isMac, isSingleKey, matchesChord, parseChord } from '../ui/shortcut.ts';
import { getLook } from '../state/look.ts';
import { focusRegion, rememberFocus } from './regions.ts';

export interface KeyBinding {
  readonly keys: string;
  readonly run: () => void;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/u.test(target.tagName));

/** A dialog has the keyboard for itself; only locking goes through it. */
const isInDialog = (): boolean => document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;

/** The first binding that matches wins. `always` also works while a dialog is open. */
export const useGlobalKeys = (bindings: readonly KeyBinding[], always: readonly KeyBinding[]): void => {
  useEffect(() => {
    const mac = isMac();
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      for (const binding of isInDialog() ? always : [...always, ...bindings]) {
        const chord = parseChord(binding.keys);
        if (!matchesChord(event, chord, mac)) continue;
        if (isSingleKey(chord) && (isTyping(event.target) || !getLook().singleKeys)) continue;
        event.preventDefault();
        binding.run();
        return;
      }
      if (event.key === 'F6' && !event.ctrlKey && !event.altKey && !event.metaKey && !isInDialog()) {
        event.preventDefault();
        focusRegion(event.shiftKey ? -1 : 1);
      }
    };
    const onFocusIn = (event: FocusEvent): void => rememberFocus(event.target);
    document.addEventListener('keydown', onKeyDown);
    document.addEventListener('focusin', onFocusIn);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('focusin', onFocusIn);
    };
  }, [bindings, always]);
};
