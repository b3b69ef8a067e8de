// Writes the quoted records of a pack: one list of commitments and proofs, and one file for each record's content.
import type { RecordView } from '../../../../shared/model/verdict.ts';

/** What a pack states about all records of a log: it is signed with the pack. Digests are lower-case hex. */
export interface CommitmentFacts {
  readonly scheme: string;
  /** SHA-256 of the log as imported. */
  readonly logSha256: string;
  readonly unit: 'record' | 'file';
  readonly leaves: number;
  readonly root: string;
}

/** A quoted record as its commitment, without content. */
export interface ProvenRecord {
  readonly index: number;
  readonly leaf: number;
  readonly path: string | null;
  readonly salt: string;
  readonly commitment: string;
  readonly proof: readonly string[];
  readonly bytes: number;
  readonly content: Uint8Array | null;
}

const QUOTED_SCHEMA = 'probity-quoted-records/2';
const OPENING_SCHEMA = 'probity-record/1';

const document = (value: unknown): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`);

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Readable where the bytes are UTF-8: then the JSON text gives exactly these bytes again. */
const contentOf = (bytes: Uint8Array): { encoding: 'utf-8' | 'base64'; content: string } => {
  try {
    return { encoding: 'utf-8', content: decoder.decode(bytes) };
  } catch {
    return { encoding: 'base64', content: Buffer.from(bytes).toString('base64') };
  }
};

/**
 * The list: commitments with proofs, and where each opening is in the pack. `secret` (hex) is given away only with the
 * log itself, so that the root can be made again from it; without the log it would let others guess at records.
 * `reportQuotes`: the report shows the records too.
 */
export const quotedDocument = (
  facts: CommitmentFacts,
  secret: string | null,
  reportQuotes: boolean,
  records: readonly ProvenRecord[],
  openingPath: (index: number) => string,
): Uint8Array =>
  document({
    schema: QUOTED_SCHEMA,
    ...facts,
    ...(secret === null ? {} : { secret }),
    reportQuotes,
    records: records.map(({ index, leaf, path, commitment, proof }) => ({
      index,
      leaf,
      ...(path === null ? {} : { path }),
      commitment,
      proof,
      opening: openingPath(index),
    })),
  });

/** The opening of one commitment: salt and content, and what the verification says of the record. */
export const openingDocument = (record: ProvenRecord | null, view: RecordView): Uint8Array => {
  const { raw, ...lens } = view;
  if (record === null) return document({ schema: OPENING_SCHEMA, index: view.index, view });
  const { index, leaf, path, salt, bytes, content } = record;
  return document({
    schema: OPENING_SCHEMA,
    index,
    leaf,
    ...(path === null ? {} : { path }),
    salt,
    bytes,
    ...(content === null ? { encoding: 'none' } : contentOf(content)),
    // The raw text stands above already, exactly.
    view: content === null ? { ...lens, raw } : lens,
  });
};
