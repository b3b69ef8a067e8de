// Lists the ways in which loggers turn a record into what they hash: bodies, wrappers and templates, likeliest first.
import { JSON_STYLES } from '../../../../../shared/chain/canonical-json.ts';
import type { JsonStyle, Recipe, TextStyle } from '../../../../../shared/chain/recipe.ts';
import { isDict } from '../guardian/hashed-record.ts';
import { fieldAt } from './fields.ts';
import type { ReadRecord } from './preimage.ts';

/** Which fields of a log play which part. */
export interface Roles {
  readonly own: string;
  readonly prev: string | null;
  /** All digest fields. */
  readonly digests: readonly string[];
}

export type BodyChoice = Pick<Recipe, 'body' | 'wrap' | 'insert'>;

const SIGNATURE_NAME = /sig(?:nature)?|signer|signed|key_?id|\bkid\b|fingerprint|public_?key|pubkey/i;
const META_NAME = /^(?:_.*|alg(?:orithm)?|hash_?alg.*|.*_version|version|v|id|_id|chain_?id|.*verified.*)$/i;
const PREV_NAMES = [
  'prev',
  'prev_hash',
  'previous_hash',
  'prevHash',
  'previousHash',
  'previous',
  'parent',
  'parent_hash',
];
const BODY_NAMES = ['payload', 'data', 'body', 'event', 'entry', 'record', 'content', 'message', 'fields'];

const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
const topPart = (path: string): string => path.slice(0, path.indexOf('.'));

const record = (without: readonly string[]): BodyChoice => ({
  body: { kind: 'record', without: [...new Set(without)] },
  wrap: null,
  insert: null,
});

/** The parts of a record that may be hashed whole. */
export const bodyChoices = (target: ReadRecord, roles: Roles): readonly BodyChoice[] => {
  const { own, prev, digests } = roles;
  const names = [...target.dict.members.keys()];
  const base = prev === null ? [own] : [own, prev];
  const signatures = names.filter((name) => SIGNATURE_NAME.test(name));
  const meta = names.filter((name) => META_NAME.test(name));
  const choices: BodyChoice[] = [record([own]), record(base)];
  if (digests.length > base.length) {
    choices.push(record([...base, ...digests]));
    for (const digest of digests) choices.push(record([own, digest]), record([...base, digest]));
  }
  if (signatures.length > 0) {
    choices.push(record([own, ...signatures]), record([...base, ...signatures]));
    choices.push(record([...base, ...digests, ...signatures]));
    for (const name of signatures) choices.push(record([own, name]), record([...base, name]));
  }
  if (own.includes('.')) {
    choices.push(record([topPart(own)]), record([topPart(own), ...(prev === null ? [] : [prev])]));
  }
  for (const value of ['', null] as const) {
    choices.push({ ...record([]), body: { kind: 'record', without: [], blanked: [{ field: own, value }] } });
    if (signatures.length > 0) {
      const blanked = [own, ...signatures].map((field) => ({ field, value }));
      choices.push({ ...record([]), body: { kind: 'record', without: [], blanked } });
    }
  }
  for (const [name, value] of target.dict.members) {
    if (name === own || name === prev || !(isDict(value) || typeof value === 'string')) continue;
    if (typeof value === 'string' && value.length < 2) continue;
    const inside = digests.filter((path) => path.startsWith(`${name}.`));
    const fields = [...inside].toSorted();
    for (const without of unique([[], inside.filter((path) => path === own), fields])) {
      const within = without.map((path) => path.slice(name.length + 1));
      choices.push({ body: { kind: 'member', field: name, without: within }, wrap: null, insert: null });
    }
  }
  for (const name of meta) choices.push(record([own, name]), record([...base, name]));
  return choices;
};

const unique = (lists: readonly (readonly string[])[]): readonly (readonly string[])[] => [
  ...new Map(lists.map((list) => [list.join('\n'), list])).values(),
];

/** Bodies in which the previous hash is put before hashing. */
export const wrappedChoices = (target: ReadRecord, roles: Roles): readonly BodyChoice[] => {
  const { own, prev, digests } = roles;
  const base = prev === null ? [own] : [own, prev];
  const names = [...target.dict.members.keys()];
  const signatures = names.filter((name) => SIGNATURE_NAME.test(name));
  const bodies: BodyChoice[] = [record(base)];
  if (signatures.length > 0) bodies.push(record([...base, ...signatures]));
  if (digests.length > base.length) bodies.push(record([...base, ...digests]));
  for (const [name, value] of target.dict.members) {
    if (isDict(value))
      bodies.push({ body: { kind: 'member', field: name, without: [] }, wrap: null, insert: null });
  }
  const prevNames = [...new Set(prev === null ? PREV_NAMES : [lastPart(prev), ...PREV_NAMES])];
  const choices: BodyChoice[] = [];
  for (const body of bodies) {
    const ownNames = body.body.kind === 'member' ? [body.body.field] : [];
    for (const prevName of prevNames) {
      for (const name of new Set([...ownNames, ...BODY_NAMES]))
        choices.push({ ...body, wrap: { prev: prevName, body: name } });
      // Only where the previous hash isn't stored under that name anyway.
      if (prev !== null && lastPart(prev) === prevName && body.body.kind === 'record') continue;
      choices.push({ ...body, insert: { name: prevName, at: 'end' } });
      choices.push({ ...body, insert: { name: prevName, at: 'start' } });
    }
  }
  return choices;
};

/** Templates in which the previous hash is beside the body. */
export const COMMON_TEMPLATES: readonly string[] = [
  '{body}',
  '{prev}{body}',
  '{prev}\n{body}',
  '{prev}|{body}',
  '{prev}:{body}',
  '{body}{prev}',
  '{prev:bytes}{body}',
  '{prev}{body:hex}',
  '{body}|{prev}',
  '{body}\n{prev}',
];

export const RARE_TEMPLATES: readonly string[] = [
  '{prev},{body}',
  '{prev} {body}',
  '{prev};{body}',
  '{prev}.{body}',
  '{prev}-{body}',
  '{prev}||{body}',
  '{prev}::{body}',
  '{prev}\0{body}',
  '{prev}\t{body}',
  '{prev}_{body}',
  '{prev}+{body}',
  '{body}:{prev}',
  '{body},{prev}',
  '{body} {prev}',
  '{body};{prev}',
  '{body}||{prev}',
  '{body}{prev:bytes}',
  '{prev:bytes}\n{body}',
  '{prev:bytes}{body:bytes}',
  '{prev:bytes}{body:hex}',
  '{prev}|{body:hex}',
  '{prev}:{body:hex}',
  '{prev}\n{body:hex}',
  '{body:hex}{prev}',
  '{body:hex}|{prev}',
  '{body:hex}:{prev}',
  '{body:bytes}{prev:bytes}',
  '{prev}{body:bytes}',
  '{body}\n',
  '{prev}{body}\n',
  '{prev}\n{body}\n',
  '{body:hex}',
  '{body:bytes}',
];

/** For chains whose digests carry a prefix that isn't hashed. */
export const withoutPrefix = (templates: readonly string[]): readonly string[] =>
  templates
    .filter((template) => template.includes('{prev}'))
    .map((t) => t.replace('{prev}', '{prev:digest}'));

const hasNull = (target: ReadRecord): boolean => target.line.includes('null');

/** The styles that may matter for a record. */
export const stylesFor = (target: ReadRecord): readonly JsonStyle[] => {
  if (!hasNull(target)) return JSON_STYLES;
  const dropping = (['drop-top', 'drop'] as const).flatMap((nulls) =>
    JSON_STYLES.slice(0, 12).map((style) => ({ ...style, nulls })),
  );
  return [...JSON_STYLES, ...dropping];
};

/** All styles, those of logs that leave out nulls too, which a record without nulls can't tell. */
export const ALL_STYLES: readonly JsonStyle[] = (['keep', 'drop-top', 'drop'] as const).flatMap((nulls) =>
  JSON_STYLES.map((style) => ({ ...style, nulls })),
);

const RAW: TextStyle = { kind: 'raw' };

/** The styles for one body: a text member may be hashed as it is. */
export const textStyles = (
  target: ReadRecord,
  choice: BodyChoice,
  styles: readonly JsonStyle[],
): readonly TextStyle[] => {
  const { body } = choice;
  const isText = body.kind === 'member' && typeof fieldAt(target.dict, body.field) === 'string';
  return isText && choice.wrap === null && choice.insert === null ? [RAW, ...styles.slice(0, 1)] : styles;
};
