// Where popovers are put: inside a landmark, because React Aria adds a hidden "Dismiss" button beside their content.

const ID = 'overlays';

/** Props of the element that the app renders once. As a top layer it stays usable while a dialog is open. */
export const OVERLAY_ROOT = {
  id: ID,
  'aria-label': 'Overlays',
  'data-react-aria-top-layer': 'true',
} as const;

/** Spread onto React Aria's Popover. Empty until the page is up. */
export const inOverlayRoot = (): { readonly UNSTABLE_portalContainer?: Element } => {
  const root = document.getElementById(ID);
  return root === null ? {} : { UNSTABLE_portalContainer: root };
};
