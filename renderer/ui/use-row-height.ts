// The row height of the current density in CSS pixels, read from the token so that there is one source.
import { useSyncExternalStore } from 'react';

const read = (): number => {
  const style = getComputedStyle(document.documentElement);
  const row = Number.parseFloat(style.getPropertyValue('--row'));
  const rem = Number.parseFloat(style.fontSize);
  return Number.isFinite(row * rem) && row * rem > 0 ? row * rem : 32;
};

const subscribe = (onChange: () => void): (() => void) => {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-density', 'style'],
  });
  return () => observer.disconnect();
};

export const useRowHeight = (): number => useSyncExternalStore(subscribe, read);
