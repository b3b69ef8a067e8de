// Commits to every record of a log in one streaming pass, and opens the chosen ones with their inclusion proofs.
import { ProofCollector } from '../../../../../shared/chain/merkle.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { sourceDigest } from '../../../../ports/listing.ts';
import type { Source, SourceFile } from '../../../../ports/source.ts';
import { throwIfCancelled } from '../cancel.ts';
import type { EngineRun } from '../format.ts';
import { sha256File } from './file-digest.ts';
import { pump, RecordStream } from '../lines/record-stream.ts';
import { TextStream } from '../lines/text-stream.ts';
import {
  beginFileCommitment,
  commitmentLeaf,
  recordCommitment,
  saltOf,
  sha256,
  tooLongCommitment,
} from './record-commitment.ts';

/** Bytes of one record or file that are handed out with its opening; longer ones are proved, not quoted. */
export const OPENED_BYTES = 1_048_576;
/** Bytes that all openings of one log hand out together. */
const OPENED_TOTAL = 67_108_864;

/** A position that shall be opened: a record by its index, a file by its path in the source. */
export interface WantedLeaf {
  readonly index: number;
  readonly path: string | null;
}

/** One opened leaf. All digests are lower-case hex. */
export interface OpenedLeaf {
  /** As findings count. */
  readonly index: number;
  /** Position in the tree: `index` and the header line for records, else that of the file among the sorted names. */
  readonly leaf: number;
  readonly path: string | null;
  readonly salt: string;
  readonly commitment: string;
  /** Siblings from the leaf to the root, RFC 9162 section 2.1.3.1. */
  readonly proof: readonly string[];
  readonly bytes: number;
  /** The bytes that were committed to; null where they are too many to be quoted. */
  readonly content: Uint8Array | null;
}

export interface LogCommitment {
  /** What one leaf stands for. */
  readonly unit: 'record' | 'file';
  readonly leaves: number;
  readonly root: string;
  readonly opened: readonly OpenedLeaf[];
}

export interface CommitRequest {
  readonly secret: Uint8Array;
  /** Records that the verification counted; another count means that its records are no lines, so files are the unit. */
  readonly records: number;
  readonly wanted: readonly WantedLeaf[];
  /** Lines before the first record that are none: the column names of a CSV file. They are leaves too. */
  readonly headerLines: 0 | 1;
  /** Digest of the source as given. */
  readonly expectedSha256: string | null;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

type Kept = Omit<OpenedLeaf, 'index' | 'proof'>;

/** The tree that grows leaf by leaf, and what was kept of the chosen ones. */
class Tree {
  readonly #secret: Uint8Array;
  readonly #wanted: ReadonlySet<number>;
  readonly #collector: ProofCollector;
  readonly #kept = new Map<number, Kept>();
  #room = OPENED_TOTAL;

  constructor(secret: Uint8Array, wanted: ReadonlySet<number>) {
    this.#secret = secret;
    this.#wanted = wanted;
    this.#collector = new ProofCollector(sha256, wanted);
  }

  get leaves(): number {
    return this.#collector.size;
  }

  get root(): string {
    return hex(this.#collector.root());
  }

  salt(): Buffer {
    return saltOf(this.#secret, this.leaves);
  }

  isWanted(): boolean {
    return this.#wanted.has(this.leaves);
  }

  /** Whether the next leaf is wanted and its bytes still fit. */
  hasRoomFor(bytes: number): boolean {
    return this.isWanted() && bytes <= OPENED_BYTES && bytes <= this.#room;
  }

  add(
    salt: Uint8Array,
    commitment: Uint8Array,
    facts: { path: string | null; bytes: number; content: Uint8Array | null },
  ): void {
    if (this.isWanted()) {
      this.#room -= facts.content?.length ?? 0;
      this.#kept.set(this.leaves, {
        leaf: this.leaves,
        salt: hex(salt),
        commitment: hex(commitment),
        ...facts,
      });
    }
    this.#collector.append(commitmentLeaf(commitment));
  }

  opened(leaf: number, index: number): OpenedLeaf {
    const kept = this.#kept.get(leaf);
    if (kept === undefined)
      throw new AppError('audit.no_such_record', { index, last: Math.max(0, this.leaves - 1) });
    return { ...kept, index, proof: this.#collector.proof(leaf).map(hex) };
  }
}

const different = (source: Source): AppError => new AppError('file.digest_differs', { name: source.name });

/** One leaf for each record of a text, counted as findings count them; null where the counts differ. */
const commitRecords = async (
  file: SourceFile,
  source: Source,
  request: CommitRequest,
  run: EngineRun,
): Promise<LogCommitment | null> => {
  const { headerLines } = request;
  const tree = new Tree(request.secret, new Set(request.wanted.map(({ index }) => index + headerLines)));
  const text = new TextStream(file);
  const stream = new RecordStream({
    record: (bytes, start, end) => {
      const salt = tree.salt();
      const record = bytes.subarray(start, end);
      const content = tree.hasRoomFor(record.length) ? Buffer.from(record) : null;
      tree.add(salt, recordCommitment(salt, record), { path: null, bytes: record.length, content });
    },
    tooLong: (_place, length) => {
      const salt = tree.salt();
      tree.add(salt, tooLongCommitment(salt, length), { path: null, bytes: length, content: null });
    },
  });
  await pump(text, stream, {
    signal: run.signal,
    advanced: (done, records) =>
      run.progress({ step: 'committing', done, total: file.bytes, unit: 'bytes', records }),
  });
  const digest = text.sha256();
  if (request.expectedSha256 !== null && request.expectedSha256 !== digest) throw different(source);
  if (tree.leaves !== request.records + headerLines) return null;
  return {
    unit: 'record',
    leaves: tree.leaves,
    root: tree.root,
    opened: request.wanted.map(({ index }) => tree.opened(index + headerLines, index)),
  };
};

/** One leaf for each file of a source, in the order of the names. */
const commitFiles = async (
  source: Source,
  request: CommitRequest,
  run: EngineRun,
): Promise<LogCommitment> => {
  const leafOf = new Map(source.files.map(({ name }, leaf) => [name, leaf]));
  // A path of `a.json.gz` in a finding may lead on into the file; only whole files are leaves.
  const wanted = request.wanted.flatMap(({ index, path }) => {
    const leaf = path === null ? (source.files.length === 1 ? 0 : undefined) : leafOf.get(path);
    return leaf === undefined ? [] : [{ index, leaf }];
  });
  const tree = new Tree(request.secret, new Set(wanted.map(({ leaf }) => leaf)));
  const entries: { name: string; sha256: string }[] = [];
  const total = source.files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  for (const file of source.files) {
    throwIfCancelled(run.signal);
    const salt = tree.salt();
    const commitment = beginFileCommitment(salt, file.name, file.bytes);
    const kept: Uint8Array[] | null = tree.hasRoomFor(file.bytes) ? [] : null;
    const digest = await sha256File(file, run.signal, (piece) => {
      commitment.update(piece);
      kept?.push(Buffer.from(piece));
      done += piece.length;
      run.progress({ step: 'committing', done, total, unit: 'bytes' });
    });
    entries.push({ name: file.name, sha256: digest });
    const content = kept === null ? null : Buffer.concat(kept);
    tree.add(salt, commitment.digest(), { path: file.name, bytes: file.bytes, content });
  }
  if (request.expectedSha256 !== null && request.expectedSha256 !== sourceDigest(source.kind, entries))
    throw different(source);
  return {
    unit: 'file',
    leaves: tree.leaves,
    root: tree.root,
    opened: wanted.map(({ index, leaf }) => tree.opened(leaf, index)),
  };
};

/**
 * Commits to a log: record by record where it is one text of lines or a JSON array, else file by file. Memory grows with
 * the wanted leaves and the logarithm of all. Wanted positions that name no file of a folder are left out.
 * @throws AppError audit.no_such_record | file.digest_differs | job.cancelled | file.* of the source
 */
export const commitLog = async (
  source: Source,
  request: CommitRequest,
  run: EngineRun,
): Promise<LogCommitment> => {
  const [only] = source.files;
  if (source.files.length === 1 && only !== undefined && source.kind === 'file') {
    const records = await commitRecords(only, source, request, run);
    if (records !== null) return records;
  }
  return commitFiles(source, request, run);
};
