// Which passphrases a new workspace accepts. What opens an existing one is not judged.
import { AppError } from '../../shared/errors/app-error.ts';

const MIN_LENGTH = 12;
const LONG_LENGTH = 20;
const MIN_CLASSES = 3;
const MIN_DISTINCT = 6;
/** A passphrase that is one short piece over and over is as weak as the piece. */
const MAX_UNIT = 10;

const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u] as const;

const COMMON = [
  'password',
  'passwort',
  'passphrase',
  'passwd',
  'kennwort',
  'motdepasse',
  'contrasena',
  'letmein',
  'welcome',
  'willkommen',
  'changeme',
  'default',
  'administrator',
  'admin',
  'secret',
  'geheim',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'superman',
  'batman',
  'dragon',
  'monkey',
  'shadow',
  'master',
  'trustno',
  'iloveyou',
  'starwars',
  'whatever',
  'workspace',
  'probity',
  'correcthorsebatterystaple',
] as const;

const ROWS = [
  'qwertzuiop',
  'qwertyuiop',
  'azertyuiop',
  'asdfghjkl',
  'qsdfghjklm',
  'yxcvbnm',
  'zxcvbnm',
  '1234567890',
] as const;

/** The form in which a passphrase is hashed: NFKC, so that every keyboard and system gives the same bytes. */
export const normalPassphrase = (passphrase: string): string => passphrase.normalize('NFKC');

const isRepetition = (letters: readonly string[]): boolean => {
  const longest = Math.min(MAX_UNIT, Math.floor(letters.length / 2));
  for (let unit = 1; unit <= longest; unit += 1) {
    if (letters.every((letter, at) => letter === letters[at % unit])) return true;
  }
  return false;
};

// Steps along the alphabet, the digits or a keyboard row count as one guess, whatever their length.
const isSequence = (text: string): boolean => {
  let steps = 0;
  for (let at = 1; at < text.length; at += 1) {
    const pair = text.slice(at - 1, at + 1);
    const code = Math.abs(text.charCodeAt(at) - text.charCodeAt(at - 1)) <= 1;
    const back = pair.charAt(1) + pair.charAt(0);
    if (code || ROWS.some((row) => row.includes(pair) || row.includes(back))) steps += 1;
  }
  return steps >= (text.length - 1) * 0.75;
};

const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '@': 'a',
  '5': 's',
  $: 's',
  '7': 't',
};

// What is left of a passphrase when decoration is taken off: `P4ssw0rd!2024` is `password`.
const isCommon = (text: string): boolean => {
  const plain = [...text]
    .map((letter) => LOOKALIKES[letter] ?? letter)
    .join('')
    .replaceAll(/\P{L}/gu, '');
  const bare = text.replaceAll(/\P{L}/gu, '');
  let rest = plain;
  for (const word of COMMON) rest = rest.replaceAll(word, '');
  let bareRest = bare;
  for (const word of COMMON) bareRest = bareRest.replaceAll(word, '');
  const hasWord = rest !== plain || bareRest !== bare;
  // A common word as one of several is fine; as nearly all there is, it isn't.
  return hasWord && Math.min(rest.length, bareRest.length) < 6;
};

/**
 * @throws AppError('workspace.weak_passphrase') unless it has 12 characters of at least three kinds (small letters,
 * capitals, digits, others), or 20 of any kind, and is nothing that is guessed first.
 */
export const checkPassphrase = (passphrase: string): void => {
  const text = normalPassphrase(passphrase);
  const letters = [...text];
  const weak = (reason: string): AppError => new AppError('workspace.weak_passphrase', { reason });
  if (letters.length < MIN_LENGTH) throw weak(`it has ${letters.length} characters`);
  const classes = CLASSES.filter((each) => each.test(text)).length;
  if (letters.length < LONG_LENGTH && classes < MIN_CLASSES) {
    throw weak('its characters are of too few kinds for its length');
  }
  if (new Set(letters).size < MIN_DISTINCT) throw weak('it has few different characters');
  const small = text.toLowerCase();
  if (isRepetition([...small])) throw weak('it repeats itself');
  if (isSequence(small)) throw weak('it follows the alphabet or the keyboard');
  if (isCommon(small)) throw weak('it is made of what is guessed first');
};
