// Finds what a digest from outside (an imprint, a proof's file digest) is a digest of: files, heads, or a log's last hash.
import { createHash, hash } from 'node:crypto';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun, KeyFile } from '../format.ts';

/** What is hashed; `given` = the user named it, as against a file that merely lay beside. */
export interface Candidate {
  readonly name: string;
  readonly given: boolean;
  readonly bytes: number;
  digest(name: string): Promise<string>;
}

export type Hasher = (name: string) => {
  update(piece: Uint8Array): unknown;
  digest(encoding: 'hex'): string;
};

const nodeHasher: Hasher = (name) => createHash(name);

export const fileCandidate = (
  { name, given }: { readonly name: string; readonly given: boolean },
  file: SourceFile,
  run: EngineRun,
  hasher: Hasher = nodeHasher,
): Candidate => {
  const known = new Map<string, string>();
  return {
    name,
    given,
    bytes: file.bytes,
    digest: async (algorithm) => {
      const before = known.get(algorithm);
      if (before !== undefined) return before;
      const sum = hasher(algorithm);
      let done = 0;
      for await (const piece of file.open()) {
        throwIfCancelled(run.signal);
        sum.update(piece);
        done += piece.length;
        run.progress({ step: 'hashing', done, total: file.bytes, unit: 'bytes' });
      }
      const hex = sum.digest('hex');
      known.set(algorithm, hex);
      return hex;
    },
  };
};

export const bytesCandidate = (
  { name, bytes }: KeyFile,
  given: boolean,
  hasher: Hasher = nodeHasher,
): Candidate => ({
  name,
  given,
  bytes: bytes.length,
  digest: (algorithm) => {
    const sum = hasher(algorithm);
    sum.update(bytes);
    return Promise.resolve(sum.digest('hex'));
  },
});

/** Every file of the sources. */
export const sourceCandidates = (
  sources: readonly Source[],
  given: number,
  run: EngineRun,
  hasher?: Hasher,
): readonly Candidate[] =>
  sources.flatMap((source, at) =>
    source.files.map((file) => fileCandidate({ name: file.name, given: at < given }, file, run, hasher)),
  );

const FORMS: readonly {
  readonly words: string;
  make(lower: string, digest: (bytes: Uint8Array) => string): string;
}[] = [
  { words: 'is the digest that was stamped itself', make: (lower) => lower },
  { words: 'was stamped as bytes', make: (lower, digest) => digest(Buffer.from(lower, 'hex')) },
  { words: 'was stamped as hex text', make: (lower, digest) => digest(Buffer.from(lower, 'latin1')) },
  { words: 'was stamped as a line of hex text', make: (lower, digest) => digest(Buffer.from(`${lower}\n`)) },
  {
    words: 'was stamped as a line of hex text (CR LF)',
    make: (lower, digest) => digest(Buffer.from(`${lower}\r\n`)),
  },
  {
    words: 'was stamped as hex text in capitals',
    make: (lower, digest) => digest(Buffer.from(lower.toUpperCase(), 'latin1')),
  },
  {
    words: 'was stamped as hex text after sha256:',
    make: (lower, digest) => digest(Buffer.from(`sha256:${lower}`)),
  },
];

/**
 * The forms in which people have a head stamped, the commonest first: the digest itself as the imprint; or the imprint
 * is a digest of its bytes, of its hex text, or of that text as a line. `most` limits them.
 */
export const headForms = (
  head: string,
  digest: (bytes: Uint8Array) => string,
  most = FORMS.length,
): readonly { readonly hex: string; readonly words: string }[] =>
  FORMS.slice(0, most).map(({ words, make }) => ({ words, hex: make(head.toLowerCase(), digest) }));

/** How a head makes up a digest, in words, or null. */
export const headMatches = (
  head: string,
  imprint: string,
  digest: (bytes: Uint8Array) => string,
): string | null => headForms(head, digest).find(({ hex }) => hex === imprint)?.words ?? null;

export const nodeDigest =
  (name: string) =>
  (bytes: Uint8Array): string =>
    hash(name, bytes, 'hex');

const baseOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
const PROOF_END = /\.(?:tsr|tst|ots|der|pem|p7s|b64)$/iu;
/** Companions that may share the proof's name and are never what was stamped. */
const COMPANION_END = /\.(?:tsr|tst|tsq|ots|pem|crt|cer|der|crl|key|p7b|p7s|sig|b64)$/iu;

/** Whether a file is, by its name, what the proof is about: log.txt for log.txt.ots, log.txt for log.tsr. */
export const isNamedFor = (proof: string, file: string): boolean => {
  const stem = baseOf(proof).replace(PROOF_END, '');
  const name = baseOf(file);
  if (name === stem) return true;
  const rest = name.slice(stem.length + 1);
  return name.startsWith(`${stem}.`) && !rest.includes('.') && !COMPANION_END.test(name);
};
