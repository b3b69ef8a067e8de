// Reads the command line into words and options; anything that isn't known is a usage error, never ignored.
import { parseArgs } from 'node:util';
import { AppError } from '../../shared/errors/app-error.ts';

const OPTIONS = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  'no-log': { type: 'boolean' },
  quote: { type: 'string' },
  keep: { type: 'string' },
  format: { type: 'string' },
  head: { type: 'string', multiple: true },
  key: { type: 'string', multiple: true },
  anchor: { type: 'string', multiple: true },
  data: { type: 'string', multiple: true },
  recipe: { type: 'string' },
  'fork-proof': { type: 'string' },
  report: { type: 'string' },
  shard: { type: 'string' },
  checkpoint: { type: 'string' },
  rehash: { type: 'boolean' },
  'sign-key': { type: 'string' },
  'trust-key': { type: 'string', multiple: true },
  root: { type: 'string' },
  'tsa-root': { type: 'string', multiple: true },
  request: { type: 'string' },
  token: { type: 'string' },
  out: { type: 'string' },
  workspace: { type: 'string' },
  'passphrase-file': { type: 'string' },
  organisation: { type: 'string' },
  case: { type: 'string' },
  name: { type: 'string' },
  reference: { type: 'string' },
  purpose: { type: 'string' },
  notes: { type: 'string' },
  verification: { type: 'string', multiple: true },
  import: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  actor: { type: 'string', multiple: true },
  action: { type: 'string', multiple: true },
  result: { type: 'string', multiple: true },
  search: { type: 'string' },
  limit: { type: 'string' },
} as const;

type Options = typeof OPTIONS;
type FlagOption = { [K in keyof Options]: Options[K] extends { type: 'boolean' } ? K : never }[keyof Options];
type ListOption = { [K in keyof Options]: Options[K] extends { multiple: true } ? K : never }[keyof Options];
type TextOption = Exclude<keyof Options, FlagOption | ListOption>;

export interface Arguments {
  readonly words: readonly string[];
  /** @throws AppError usage.invalid when it was not given. */
  need(name: TextOption): string;
  text(name: TextOption): string | undefined;
  all(name: ListOption): readonly string[];
  flag(name: FlagOption): boolean;
}

const usage = (reason: string): AppError => new AppError('usage.invalid', { reason });

/** @throws AppError usage.invalid */
export const readArguments = (argv: readonly string[]): Arguments => {
  const parsed = (() => {
    try {
      return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
    } catch (error) {
      throw usage(
        error instanceof Error ? (error.message.split('. ')[0] ?? 'unknown option') : 'unknown option',
      );
    }
  })();
  const { values, positionals } = parsed;
  return {
    words: positionals,
    text: (name) => values[name],
    need: (name) => {
      const value = values[name];
      if (value === undefined) throw usage(`--${name} is missing`);
      return value;
    },
    all: (name) => values[name] ?? [],
    flag: (name) => values[name] ?? false,
  };
};

/** The word at `position`. @throws AppError usage.invalid */
export const wordAt = (args: Arguments, position: number, what: string): string => {
  const word = args.words[position];
  if (word === undefined) throw usage(`${what} is missing`);
  return word;
};
