// The hatchings of the chain strip: every state has a pattern as well as a colour.
import type { StripState } from './strip-columns.ts';

/** The fill of a state, as attributes; `id` is the prefix given to {@link StripPatterns}. */
export const fillOf = (
  state: StripState,
  id: string,
): { readonly className?: string; readonly fill?: string } =>
  state === 'verified' ? { className: 's-verified' } : { fill: `url(#${id}-${state})` };

export const StripPatterns = ({ id }: { readonly id: string }) => (
  <defs>
    <pattern id={`${id}-failed`} width="6" height="6" patternUnits="userSpaceOnUse">
      <rect className="s-ground-failed" width="6" height="6" />
      <path className="s-line-failed" d="M0 5.25H6" />
    </pattern>
    <pattern id={`${id}-attention`} width="6" height="6" patternUnits="userSpaceOnUse">
      <rect className="s-ground-attention" width="6" height="6" />
      <path className="s-line-attention" d="M-1 7 7 -1M-1 1 1 -1M5 7 7 5" />
    </pattern>
    <pattern id={`${id}-unanchored`} width="5" height="5" patternUnits="userSpaceOnUse">
      <rect className="s-ground-unanchored" width="5" height="5" />
      <circle className="s-dot-unanchored" cx="2.5" cy="2.5" r="1.2" />
    </pattern>
    <pattern id={`${id}-uncovered`} width="6" height="6" patternUnits="userSpaceOnUse">
      <rect className="s-ground-uncovered" width="6" height="6" />
      <path className="s-line-uncovered" d="M0 0 6 6M6 0 0 6" />
    </pattern>
  </defs>
);
