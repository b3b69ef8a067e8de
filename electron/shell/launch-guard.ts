// Judges the command line before anything starts: no fuse turns off Chromium's debugging and sandbox switches.
import { fileURLToPath } from 'node:url';
import type { Flavour } from './baked.ts';

/** BSD sysexits: EX_USAGE and EX_UNAVAILABLE. */
export const EXIT_USAGE = 64;
export const EXIT_NO_DISPLAY = 69;

export interface LaunchFacts {
  /** Everything after the executable (and, unpackaged, after the app's folder). */
  readonly args: readonly string[];
  readonly flavour: Flavour;
  readonly platform: NodeJS.Platform;
  /** Null where the platform has no user ids. */
  readonly uid: number | null;
  /** true when an X or Wayland display is named; always true off Linux. */
  readonly display: boolean;
}

export type Launch =
  | { readonly kind: 'window'; readonly open: string | null }
  | { readonly kind: 'cli'; readonly argv: readonly string[] }
  | { readonly kind: 'refuse'; readonly exitCode: number; readonly line: string };

const NO_DISPLAY =
  'Probity finds no display to open its window on. Its commands need none: run the probity launcher, e.g. probity --help.';

/** Harmless to the sandbox, the page's rules and the network: how to draw, and how loud to log. */
const ALLOWED: ReadonlySet<string> = new Set([
  '--ozone-platform=headless',
  '--ozone-platform=x11',
  '--ozone-platform=wayland',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--log-level=3',
]);

/** What Playwright's electron launcher adds; port 0 = any free one. */
const ALLOWED_IN_TESTS: ReadonlySet<string> = new Set(['--inspect=0', '--remote-debugging-port=0']);

/** Options of the command line that mean nothing to Chromium or Node, so they may stand before a `--`. */
const CLI_OPTIONS: ReadonlySet<string> = new Set(['--help', '-h', '--version', '--json']);

const VERB = /^[a-z][a-z-]*$/u;

/** What the command line may answer before a display or the ready event is there. */
export const isAnsweredAtOnce = (argv: readonly string[]): boolean =>
  ['help', 'version', '--help', '-h', '--version'].includes(argv[0] ?? '');

/** Chromium trims arguments, takes `-x` for `--x`, and on Windows `/x` as well. */
const isSwitch = (argument: string, platform: NodeJS.Platform): boolean => {
  const trimmed = argument.trim();
  return trimmed.length > 1 && (trimmed.startsWith('-') || (platform === 'win32' && trimmed.startsWith('/')));
};

const isAllowedSwitch = (argument: string, facts: LaunchFacts): boolean =>
  ALLOWED.has(argument) ||
  (argument === '--no-sandbox' && (facts.uid === 0 || facts.flavour !== 'release')) ||
  (facts.flavour !== 'release' && ALLOWED_IN_TESTS.has(argument)) ||
  (facts.platform === 'darwin' && /^-psn_\d+_\d+$/u.test(argument));

/**
 * Node's own debugging options are read from the whole command line, `--` or not, while Chromium stops there.
 * None of them is an option of ours.
 */
const isNodeDebugging = (argument: string): boolean =>
  /^-{1,2}(?:inspect|debug|experimental-)/u.test(argument.trim());

/** Only the switch's name is repeated: its value may be a secret, and control characters could fool a terminal. */
const refusal = (argument: string, hint: string): Launch => ({
  kind: 'refuse',
  exitCode: EXIT_USAGE,
  line: `Probity does not start with ${argument
    .trim()
    .replace(/=.*$/su, '')
    .replaceAll(/[^\w./-]/gu, '?')
    .slice(0, 60)}${hint}`,
});

/** A workspace folder as an absolute or relative path, or as the file URL that Linux desktops pass; null for anything else. */
export const workspacePath = (argument: unknown): string | null => {
  if (typeof argument !== 'string' || argument.length > 4096) return null;
  let path = argument;
  if (argument.startsWith('file:')) {
    try {
      path = fileURLToPath(argument);
    } catch {
      return null;
    }
  }
  // Other addresses; one letter before a colon is a drive of Windows.
  if (path.includes('\0') || /^[a-z][\w+.-]+:/iu.test(path)) return null;
  // A share on another machine would be a network access (and on Windows hand out the user's credentials).
  if (/^[\\/]{2}/u.test(path)) return null;
  return /\.probity[\\/]?$/u.test(path) ? path : null;
};

/**
 * The command line's meaning, or why it is refused. Chromium reads switches anywhere before a bare `--`,
 * so commands with options stand after one: `probity -- audit verify log.jsonl --json` (the launcher adds it).
 */
export const judgeLaunch = (facts: LaunchFacts): Launch => {
  const end = facts.args.indexOf('--');
  const before = end < 0 ? facts.args : facts.args.slice(0, end);
  const after = end < 0 ? [] : facts.args.slice(end + 1);

  const words: string[] = [];
  for (const argument of before) {
    if (!isSwitch(argument, facts.platform) || CLI_OPTIONS.has(argument)) words.push(argument);
    else if (!isAllowedSwitch(argument, facts)) {
      return refusal(argument, ' on its command line. For options of a command use the probity launcher.');
    }
  }
  const debugging = after.find(isNodeDebugging);
  if (debugging !== undefined) return refusal(debugging, ' on its command line.');
  words.push(...after);

  const first = words[0];
  const isCommand = first !== undefined && (VERB.test(first) || first.startsWith('-'));
  const headless = before.includes('--ozone-platform=headless');
  const canRun = isCommand
    ? facts.display || headless || isAnsweredAtOnce(words)
    : facts.display && !headless;
  if (!canRun) return { kind: 'refuse', exitCode: EXIT_NO_DISPLAY, line: NO_DISPLAY };
  if (isCommand) return { kind: 'cli', argv: words };
  if (first === undefined) return { kind: 'window', open: null };
  const open = words.length === 1 ? workspacePath(first) : null;
  return open === null
    ? refusal(first, ': it is neither a command nor a workspace (a folder whose name ends in .probity).')
    : { kind: 'window', open };
};

/** The arguments that are ours: unpackaged, Electron's own command line also names the app's folder. */
export const ownArguments = (argv: readonly string[], packaged: boolean): readonly string[] => {
  const args = argv.slice(1);
  if (packaged) return args;
  const folder = args.findIndex((argument) => !argument.startsWith('-'));
  return folder < 0 ? args : args.toSpliced(folder, 1);
};
