// What a report says of a format: its title, how it is checked and how its positions are counted.
import { type FormatMethod, formatMethod, formatTitle, LINES, type Positions } from '../../audit/public.ts';

/** null for a format without a written method: the report then says so instead of describing something else. */
export const methodOf = (format: string): FormatMethod | null => formatMethod(format);

/** The id where the format is not known here. */
export const titleOf = (format: string): string => formatTitle(format) ?? format;

/** How positions of a format are named and counted; lines of a file where the format is unknown. */
export const positionsOf = (format: string): Positions => methodOf(format)?.positions ?? LINES;
