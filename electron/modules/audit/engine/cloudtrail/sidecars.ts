// What `aws s3 sync` loses and an auditor can put beside the objects: S3 user metadata, and the list of public keys.
import { baseName, instantSeconds } from './object-names.ts';
import { readKeyList } from './public-keys.ts';
import type { KeyList } from './public-keys.ts';

export interface ObjectMetadata {
  /** Hex. */
  readonly signature: string;
  readonly algorithm: string;
  /** When a backfill digest was made, seconds since 1970; null for others, and where it is missing or no time. */
  readonly generated: number | null;
}

/** One object that metadata speaks of: `bucket/key`, `key`, or only its name. */
export interface NamedMetadata {
  readonly object: string;
  /** Null for metadata without a signature: the object was there, nothing more. */
  readonly metadata: ObjectMetadata | null;
}

export type Sidecar =
  | { readonly kind: 'keys'; readonly list: KeyList }
  | { readonly kind: 'metadata'; readonly named: readonly NamedMetadata[] };

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Field names as S3 gives them: any case, with or without the HTTP header prefix. */
const field = (fields: Fields, wanted: string): string | null => {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' && name.toLowerCase().replace(/^x-amz-meta-/u, '') === wanted) return value;
  }
  return null;
};

/** Metadata of one object: flat, or below `Metadata` as `aws s3api head-object` prints it. Undefined = not metadata. */
const metadataOf = (value: unknown): ObjectMetadata | null | undefined => {
  if (!isFields(value)) return undefined;
  const fields = isFields(value.Metadata) ? value.Metadata : value;
  const signature = field(fields, 'signature');
  if (signature !== null)
    return {
      signature: signature.trim(),
      algorithm: field(fields, 'signature-algorithm') ?? 'SHA256withRSA',
      generated: instantSeconds(field(fields, 'backfill-generation-timestamp')),
    };
  return isFields(value.Metadata) ? null : undefined;
};

const objectNameIn = (value: unknown): string | null => {
  if (!isFields(value)) return null;
  const key = [value.Key, value.key, value.s3Object].find((each) => typeof each === 'string');
  const bucket = [value.Bucket, value.bucket, value.s3Bucket].find((each) => typeof each === 'string');
  if (key === undefined) return null;
  return bucket === undefined ? key : `${bucket}/${key}`;
};

/** A file named after one object, e.g. `<object>.metadata.json`. */
export const OBJECT_SIDECAR = /\d{12}_CloudTrail(?:-Digest)?_.*?\.json(?:\.gz)?(?=\.)/u;

const plainName = (object: string): string => object.replace(/^s3:\/\//u, '').replace(/^\/+/u, '');

const looksLikeObject = (name: string): boolean => /_CloudTrail(?:-[A-Za-z]+)?_/u.test(baseName(name));

/**
 * Reads a JSON document found beside the objects. Null when it is neither: most JSON files are something else.
 * @param path where it stands; a `head-object` output is matched to its object by its own file name.
 */
export const readSidecar = (path: string, value: unknown): Sidecar | null => {
  const list = readKeyList(value);
  if (list !== null) return { kind: 'keys', list };
  const own = metadataOf(value);
  if (own !== undefined) {
    const object = objectNameIn(value) ?? OBJECT_SIDECAR.exec(baseName(path))?.[0];
    return object === undefined
      ? null
      : { kind: 'metadata', named: [{ object: plainName(object), metadata: own }] };
  }
  const named: NamedMetadata[] = [];
  const entries: readonly (readonly [string | null, unknown])[] = Array.isArray(value)
    ? value.map((item: unknown) => [objectNameIn(item), item] as const)
    : isFields(value)
      ? Object.entries(value)
      : [];
  for (const [object, item] of entries) {
    const metadata = metadataOf(item);
    const known = object !== null && looksLikeObject(object);
    if (known && (metadata !== undefined || isFields(item)))
      named.push({ object: plainName(object), metadata: metadata ?? null });
  }
  return named.length === 0 ? null : { kind: 'metadata', named };
};

/** Metadata of many objects, found by the fullest name that both sides know. */
export class MetadataIndex {
  readonly #byBase = new Map<string, NamedMetadata[]>();

  add(entries: readonly NamedMetadata[]): void {
    for (const entry of entries) {
      const base = baseName(entry.object);
      const known = this.#byBase.get(base);
      if (known === undefined) this.#byBase.set(base, [entry]);
      else known.push(entry);
    }
  }

  /**
   * Metadata of an object known by several names (`bucket/key`, the path in the folder). A name that agrees to its end
   * wins; else the one that has the same last part, which already tells account, region, trail and time.
   */
  find(...objects: readonly string[]): ObjectMetadata | null {
    let sameBase: ObjectMetadata | null = null;
    for (const object of objects) {
      for (const { object: name, metadata } of this.#byBase.get(baseName(object)) ?? []) {
        if (metadata === null) continue;
        if (`/${object}`.endsWith(`/${name}`) || `/${name}`.endsWith(`/${object}`)) return metadata;
        sameBase ??= metadata;
      }
    }
    return sameBase;
  }

  /** Every object that is spoken of. */
  names(): readonly string[] {
    return [...this.#byBase.values()].flat().map((entry) => entry.object);
  }
}
