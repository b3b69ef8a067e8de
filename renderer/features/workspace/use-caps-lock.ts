// Whether Caps Lock is on, as far as key events tell: the page learns of it at the first key.
import { useState, type KeyboardEvent } from 'react';

export interface CapsLock {
  readonly isOn: boolean;
  readonly onKey: (event: KeyboardEvent<HTMLInputElement>) => void;
}

export const useCapsLock = (): CapsLock => {
  const [isOn, setOn] = useState(false);
  return {
    isOn,
    onKey: (event) => {
      // On some systems the state in the event of the key itself is the one before the press.
      if (event.key !== 'CapsLock') setOn(event.getModifierState('CapsLock'));
      else if (event.type === 'keyup') setOn(event.getModifierState('CapsLock'));
    },
  };
};
