// F6 and Shift+F6: from one region of the window to the next, back to where the focus last was in it.

const SELECTOR = '[data-region]';
const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [tabindex="0"]';

const lastFocus = new WeakMap<Element, HTMLElement>();

/** The place to go from `current` (−1: nowhere) among `count` regions, around the ends. */
export const nextRegion = (current: number, count: number, step: 1 | -1): number =>
  count === 0 ? -1 : current === -1 ? (step === 1 ? 0 : count - 1) : (current + step + count) % count;

const isVisible = (element: Element): boolean => element.getClientRects().length > 0;

/** Remembers where the focus was in its region; called on every focus change. */
export const rememberFocus = (target: EventTarget | null): void => {
  if (!(target instanceof HTMLElement)) return;
  const region = target.closest(SELECTOR);
  if (region !== null) lastFocus.set(region, target);
};

export const focusRegion = (step: 1 | -1): void => {
  const regions = [...document.querySelectorAll(SELECTOR)].filter(
    (r): r is HTMLElement => r instanceof HTMLElement && isVisible(r),
  );
  const here = document.activeElement?.closest(SELECTOR) ?? null;
  const target =
    regions[
      nextRegion(
        regions.findIndex((r) => r === here),
        regions.length,
        step,
      )
    ];
  if (target === undefined) return;
  const last = lastFocus.get(target);
  const back =
    last !== undefined && target.contains(last) && isVisible(last) && last.tabIndex >= 0 ? last : null;
  const first = [...target.querySelectorAll<HTMLElement>(FOCUSABLE)].find(isVisible);
  (back ?? first ?? target).focus();
};
