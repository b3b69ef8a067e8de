// A recipe in plain words, for people who have to say how a log is protected.
import { innerRecipe } from './recipe.ts';
import type { Algorithm, JsonStyle, Recipe, TextStyle } from './recipe.ts';

const ALGORITHM_WORDS: Readonly<Record<Algorithm, string>> = {
  sha256: 'SHA-256',
  sha512: 'SHA-512',
  sha384: 'SHA-384',
  sha224: 'SHA-224',
  'sha512-256': 'SHA-512/256',
  'sha3-256': 'SHA3-256',
  'sha3-384': 'SHA3-384',
  'sha3-512': 'SHA3-512',
  'keccak-256': 'Keccak-256',
  'blake2b-256': 'BLAKE2b-256',
  'blake2b-512': 'BLAKE2b-512',
  'blake2s-256': 'BLAKE2s-256',
  blake3: 'BLAKE3',
  sha256d: 'double SHA-256',
  sha1: 'SHA-1',
  ripemd160: 'RIPEMD-160',
  md5: 'MD5',
};

export const algorithmWords = (algorithm: Algorithm): string => ALGORITHM_WORDS[algorithm];

const list = (items: readonly string[]): string => {
  const quoted = items.map((item) => `\`${item}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
};

const SIGNS: Readonly<Record<string, string>> = {
  '\n': 'newline',
  '|': 'a vertical bar',
  ':': 'a colon',
  ',': 'a comma',
  ' ': 'a space',
  ';': 'a semicolon',
  '.': 'a full stop',
  '-': 'a hyphen',
  '\t': 'a tab',
  '\0': 'a zero byte',
  _: 'an underscore',
  '+': 'a plus sign',
};
const sign = (text: string): string => SIGNS[text] ?? JSON.stringify(text);

const isJcs = (style: JsonStyle): boolean =>
  style.order === 'utf-16' &&
  style.separators === 'compact' &&
  !style.ascii &&
  style.numbers === 'ecmascript';

const ORDER: Readonly<Record<JsonStyle['order'], string>> = {
  'code-point': 'sorted by key',
  'utf-16': 'sorted by key (UTF-16)',
  insertion: 'with keys in the order written',
  top: 'with only the outermost keys sorted',
  'allow-list': 'sorted by key, without keys that occur only inside',
};

const NUMBERS: Readonly<Record<JsonStyle['numbers'], string>> = {
  python: '',
  ecmascript: 'numbers as JavaScript writes them',
  go: 'numbers as Go writes them',
  token: 'numbers as they stand',
};

const NULLS: Readonly<Record<JsonStyle['nulls'], string>> = {
  keep: '',
  'drop-top': 'outermost null values left out',
  drop: 'null values left out',
};

const jsonWords = (style: JsonStyle): string => {
  const nulls = NULLS[style.nulls];
  if (isJcs(style) && !style.html)
    return ['JSON canonicalised by RFC 8785', nulls].filter((w) => w !== '').join(', ');
  const width = style.separators === 'compact' ? 'compact' : 'spaced';
  const extras = [
    style.ascii ? 'ASCII only' : '',
    style.html ? '<, > and & escaped as by Go' : '',
    NUMBERS[style.numbers],
    nulls,
  ].filter((words) => words !== '');
  return `${width} JSON ${ORDER[style.order]}${extras.length === 0 ? '' : ` (${extras.join(', ')})`}`;
};

const bodyWords = (recipe: Recipe): string => {
  const { body, text } = recipe;
  const form = (style: TextStyle): string =>
    style.kind === 'json'
      ? jsonWords(style)
      : style.kind === 'raw'
        ? 'text'
        : `values joined by ${sign(style.by)}`;
  switch (body.kind) {
    case 'line':
      return 'the line as it stands';
    case 'record': {
      const without = body.without.length === 0 ? 'of the whole record' : `without ${list(body.without)}`;
      const blanked = body.blanked ?? [];
      const emptied = blanked.length === 0 ? '' : `, with ${list(blanked.map(({ field }) => field))} emptied`;
      return `${form(text)}, ${without}${emptied}`;
    }
    case 'fields':
      return text.kind === 'joined'
        ? `${list(body.fields)} joined by ${text.by === '' ? 'nothing' : sign(text.by)}`
        : `${form(text)} of ${list(body.fields)}`;
    case 'member':
      return `${form(text)} of \`${body.field}\`${body.without.length === 0 ? '' : ` without ${list(body.without)}`}`;
  }
};

const wrappedWords = (recipe: Recipe): string => {
  const words = bodyWords(recipe);
  if (recipe.wrap !== null)
    return `${words}, put into an object as \`${recipe.wrap.body}\` beside the previous hash as \`${recipe.wrap.prev}\``;
  if (recipe.insert !== null) return `${words}, with the previous hash put in as \`${recipe.insert.name}\``;
  return words;
};

const templateWords = (template: string, recipe: Recipe): string =>
  template
    .split(/(\{[a-z:]+\})/u)
    .filter((part) => part !== '')
    .map((part) => {
      switch (part) {
        case '{prev}':
          return 'previous hash';
        case '{prev:digest}':
          return 'previous hash without its prefix';
        case '{prev:bytes}':
          return 'bytes of the previous hash';
        case '{body}':
          return wrappedWords(recipe);
        case '{body:hex}':
          return `hash (hex) of ${wrappedWords(recipe)}`;
        case '{body:bytes}':
          return `hash (bytes) of ${wrappedWords(recipe)}`;
        default:
          return sign(part);
      }
    })
    .join(', ');

/** One sentence or two, e.g. "SHA-256 of previous hash, newline, compact JSON sorted by key, without `hash`". */
export const recipeWords = (recipe: Recipe): string => {
  const { digest, own, prev, chain } = recipe;
  const name = algorithmWords(digest.algorithm);
  const keyed =
    digest.keyed === 'hmac'
      ? `HMAC-${name}`
      : digest.keyed === 'none'
        ? name
        : `${name} (with a secret as ${digest.keyed})`;
  const parts = [`${keyed} of ${templateWords(recipe.template, recipe)}`];
  if (recipe.first !== null) parts.push(`the first record: ${templateWords(recipe.first, recipe)}`);
  if (recipe.genesis !== null && prev === null)
    parts.push(`the first previous hash is ${JSON.stringify(recipe.genesis)}`);
  const form = [
    digest.encoding === 'hex'
      ? ''
      : digest.encoding === 'hex-upper'
        ? 'in upper-case hex'
        : `in ${digest.encoding}`,
    digest.prefix === '' ? '' : `after \`${digest.prefix}\``,
    `${digest.bytes} bytes`,
  ].filter((words) => words !== '');
  parts.push(
    own === null
      ? `stored by the next record in \`${prev ?? ''}\``
      : `stored in \`${own}\` (${form.join(', ')}), ${prev === null ? 'the previous hash is not stored' : `the previous hash in \`${prev}\``}`,
  );
  for (const inner of recipe.inner) {
    const words = recipeWords({ ...innerRecipe(recipe, inner), chain: [] });
    parts.push(`\`${inner.field}\` is ${words.slice(0, words.indexOf('; stored'))}`);
  }
  if (chain.length > 0) parts.push(`one chain for each ${chain.map((path) => `\`${path}\``).join(' and ')}`);
  if (recipe.signature !== null) parts.push(`Ed25519 signature in \`${recipe.signature.field}\``);
  return parts.join('; ');
};
