// What the command line prints: results on standard output, progress and errors on standard error.
import { ERRORS, fillText } from '../../shared/errors/codes.ts';
import type { WireError } from '../../shared/errors/app-error.ts';
import type { Progress } from '../../shared/model/job.ts';

export interface Terminal {
  line(text: string): void;
  json(value: unknown): void;
  progress(progress: Progress): void;
  /** Ends a line of progress that is being rewritten. */
  settle(): void;
  error(error: WireError): void;
}

/** File names may hold control characters that would fool a terminal. */
export const printable = (text: string): string =>
  text.replaceAll(/\p{Cc}|\p{Cf}/gu, (each) => (each === '\n' ? each : '\u{FFFD}'));

const MIB = 1_048_576;
const amount = (value: number, unit: Progress['unit']): string =>
  unit === 'bytes' ? `${(value / MIB).toFixed(1)} MiB` : `${value} ${unit}`;

/** Milliseconds between two lines of progress: often on a terminal, rarely in a log file. */
const pace = (): number => (process.stderr.isTTY ? 200 : 5_000);

export const makeTerminal = (): Terminal => {
  const started = performance.now();
  let last = -Infinity;
  let open = false;
  const settle = (): void => {
    if (open) process.stderr.write('\n');
    open = false;
  };
  return {
    line: (text) => void process.stdout.write(`${printable(text)}\n`),
    json: (value) => void process.stdout.write(`${JSON.stringify(value, null, 1)}\n`),
    settle,
    progress: ({ step, done, total, unit, records }) => {
      const now = performance.now();
      if (now - last < pace() || now - started < 1_000) return;
      last = now;
      const seconds = (now - started) / 1_000;
      const of = total === null ? '' : ` of ${amount(total, unit)}`;
      const rate = records === undefined || records === 0 ? '' : `, ${records} records`;
      const text = `${step}: ${amount(done, unit)}${of}${rate}, ${seconds.toFixed(0)} s`;
      open = process.stderr.isTTY;
      process.stderr.write(open ? `\r\u{1b}[K${text}` : `${text}\n`);
    },
    error: ({ code, params }) => {
      settle();
      const { what, remedy } = ERRORS[code];
      process.stderr.write(
        printable(`probity: ${fillText(what, params)} ${fillText(remedy, params)} [${code}]\n`),
      );
    },
  };
};
