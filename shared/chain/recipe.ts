// A recipe: how one dialect of hash-chained log makes its hashes, in a form that can be saved, edited and given again.
import * as v from 'valibot';
import { AppError } from '../errors/app-error.ts';

const Path = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const Paths = v.pipe(v.array(Path), v.maxLength(200));

/** How a JSON value becomes text before it is hashed. */
export const JsonStyle = v.strictObject({
  kind: v.literal('json'),
  /**
   * code-point: as Python's sort_keys; utf-16: as RFC 8785 and JavaScript's sort; insertion: as written; top: only the
   * outermost keys sorted; allow-list: `JSON.stringify(x, Object.keys(x).sort())`, which drops nested keys.
   */
  order: v.picklist(['code-point', 'utf-16', 'insertion', 'top', 'allow-list']),
  /** `", "` and `": "`, or `","` and `":"`. */
  separators: v.picklist(['spaced', 'compact']),
  /** Everything beyond ASCII as \uXXXX. */
  ascii: v.boolean(),
  /** `<`, `>`, `&`, U+2028 and U+2029 as \uXXXX, as Go's json.Marshal does. */
  html: v.boolean(),
  numbers: v.picklist(['python', 'ecmascript', 'go', 'token']),
  /** drop-top leaves out null members of the outermost object, drop those of every object. */
  nulls: v.picklist(['keep', 'drop-top', 'drop']),
});
export type JsonStyle = v.InferOutput<typeof JsonStyle>;

/** Values written one after the other with something between them. */
export const JoinedStyle = v.strictObject({
  kind: v.literal('joined'),
  by: v.pipe(v.string(), v.maxLength(16)),
  /** What stands for null and for a field that a record doesn't have. */
  none: v.picklist(['', 'None', 'null']),
  booleans: v.picklist(['json', 'python']),
  /** For objects, lists and numbers. */
  nested: JsonStyle,
});
export type JoinedStyle = v.InferOutput<typeof JoinedStyle>;

/** `raw`: the bytes as they stand (a whole line), or the content of a text member. */
export const TextStyle = v.variant('kind', [
  JsonStyle,
  JoinedStyle,
  v.strictObject({ kind: v.literal('raw') }),
]);
export type TextStyle = v.InferOutput<typeof TextStyle>;

export const Body = v.variant('kind', [
  v.strictObject({
    kind: v.literal('record'),
    without: Paths,
    /** Fields that were there when hashed, but empty: their value then. */
    blanked: v.optional(v.array(v.strictObject({ field: Path, value: v.nullable(v.literal('')) }))),
  }),
  v.strictObject({ kind: v.literal('fields'), fields: Paths }),
  v.strictObject({ kind: v.literal('member'), field: Path, without: Paths }),
  v.strictObject({ kind: v.literal('line') }),
]);
export type Body = v.InferOutput<typeof Body>;

export const ALGORITHMS = [
  'sha256',
  'sha512',
  'sha384',
  'sha224',
  'sha512-256',
  'sha3-256',
  'sha3-384',
  'sha3-512',
  'keccak-256',
  'blake2b-256',
  'blake2b-512',
  'blake2s-256',
  'blake3',
  'sha256d',
  'sha1',
  'ripemd160',
  'md5',
] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export const DigestForm = v.strictObject({
  algorithm: v.picklist(ALGORITHMS),
  /** hmac: the key is given beside the log. prefix and suffix: a secret before or after the hashed text. */
  keyed: v.picklist(['none', 'hmac', 'prefix', 'suffix']),
  encoding: v.picklist(['hex', 'hex-upper', 'base64', 'base64url']),
  /** What stands before the digest, e.g. `sha256:`. */
  prefix: v.pipe(v.string(), v.maxLength(16)),
  /** Bytes that are kept of it, from its beginning. */
  bytes: v.pipe(v.number(), v.integer(), v.minValue(4), v.maxValue(64)),
});
export type DigestForm = v.InferOutput<typeof DigestForm>;

/** `{prev}`, `{prev:digest}` (without prefix), `{prev:bytes}`, `{body}`, `{body:hex}` and `{body:bytes}` (hashed first); all else stands for itself. */
const Template = v.pipe(v.string(), v.maxLength(100), v.regex(/\{body(?::hex|:bytes)?\}/u));

export const Recipe = v.strictObject({
  version: v.literal(1),
  name: v.optional(v.pipe(v.string(), v.maxLength(200))),
  layout: v.picklist(['json', 'csv']),
  /** text: cells are text; typed: cells that look like numbers, true, false, JSON or nothing are that. */
  cells: v.picklist(['text', 'typed']),
  /** The field that holds the record's own hash; null where only the next record states it. Dots lead into objects. */
  own: v.nullable(Path),
  /** The field that holds the previous record's hash; null where it isn't stored. */
  prev: v.nullable(Path),
  /** Fields that tell interleaved chains apart. */
  chain: Paths,
  body: Body,
  /** Puts the previous hash and the body into an object of these two names before hashing. */
  wrap: v.nullable(v.strictObject({ prev: Path, body: Path })),
  /** Puts the previous hash into the body under this name. */
  insert: v.nullable(v.strictObject({ name: Path, at: v.picklist(['start', 'end']) })),
  text: TextStyle,
  template: Template,
  /** The template of a record that has no previous one; null = the same. */
  first: v.nullable(Template),
  digest: DigestForm,
  /** What stands for the previous hash where there is none, and the log doesn't say; null = JSON's null, '' in text. */
  genesis: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  /** Fields that hold the hash of a part of the record, which the record's own hash then covers through them. */
  inner: v.pipe(
    v.array(v.strictObject({ field: Path, body: Body, text: TextStyle, digest: DigestForm })),
    v.maxLength(8),
  ),
  signature: v.nullable(
    v.strictObject({
      field: Path,
      algorithm: v.literal('ed25519'),
      over: v.picklist(['hash-text', 'hash-hex', 'hash-bytes', 'hashed-text', 'body']),
    }),
  ),
});
export type Recipe = v.InferOutput<typeof Recipe>;

/** @throws AppError('audit.recipe_invalid') where the text is no recipe. */
export const parseRecipe = (text: string): Recipe => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AppError('audit.recipe_invalid', { reason: 'it is no JSON' });
  }
  const parsed = v.safeParse(Recipe, json);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const place = v.getDotPath(issue) ?? 'the recipe';
  throw new AppError('audit.recipe_invalid', { reason: `${place}: ${issue.type}` });
};

export type InnerHash = Recipe['inner'][number];

/** The recipe of an inner hash by itself. */
export const innerRecipe = (recipe: Recipe, inner: InnerHash): Recipe => ({
  ...recipe,
  own: inner.field,
  prev: null,
  body: inner.body,
  wrap: null,
  insert: null,
  text: inner.text,
  template: '{body}',
  first: null,
  digest: inner.digest,
  genesis: null,
  inner: [],
  signature: null,
});

export const recipeJson = (recipe: Recipe): string => `${JSON.stringify(recipe, null, 2)}\n`;

/** Whether the previous hash, stored or not, is part of what is hashed: else nothing links the records. */
export const isLinked = (recipe: Recipe): boolean => {
  if (recipe.own === null) return true;
  if (recipe.template.includes('{prev') || recipe.wrap !== null || recipe.insert !== null) return true;
  return recipe.prev !== null && bodyHolds(recipe.body, recipe.prev);
};

const isWithin = (path: string, outer: string): boolean => path === outer || path.startsWith(`${outer}.`);

const bodyHolds = (body: Body, path: string): boolean => {
  switch (body.kind) {
    case 'record':
      return (
        !body.without.some((left) => isWithin(path, left)) &&
        !(body.blanked ?? []).some(({ field }) => isWithin(path, field))
      );
    case 'fields':
      return body.fields.some((field) => isWithin(path, field));
    case 'member':
      return isWithin(path, body.field) && !body.without.some((left) => isWithin(path, left));
    case 'line':
      return true;
  }
};
