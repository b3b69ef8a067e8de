// What a check of a bag finds, told apart by whom it offends: BagIt itself, or only the stricter EP-1.
import type { Problem } from './container.ts';

export interface Finding extends Problem {
  /** true: valid BagIt, but not allowed in an EP-1 pack. */
  readonly strictOnly: boolean;
}

export const invalid = (text: string, item?: string): Finding => ({
  text,
  strictOnly: false,
  ...(item === undefined ? {} : { item }),
});
export const notStrict = (text: string, item?: string): Finding => ({
  text,
  strictOnly: true,
  ...(item === undefined ? {} : { item }),
});
