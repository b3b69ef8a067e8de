// Segments as JSON text: columns of numbers become base64 of their deflated bytes, and every value is checked on the way back.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import { Finding, Verdict } from '../../../../../shared/model/verdict.ts';
import type { Segment } from './segment.ts';

/** Little-endian, as all machines that Electron runs on. */
const pack = (column: Uint32Array | Int32Array | Float64Array): string =>
  deflateRawSync(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), { level: 1 }).toString(
    'base64',
  );

/** No column of a receipt is longer: a longer one is a bomb. */
const MAX_COLUMN_BYTES = 1 << 30;

/** Checks a column of `bytes` wide elements on the way back. */
const columnOf = <T>(bytes: number, view: (buffer: ArrayBuffer) => T) =>
  v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        const inflated = inflateRawSync(Buffer.from(dataset.value, 'base64'), {
          maxOutputLength: MAX_COLUMN_BYTES,
        });
        if (inflated.length % bytes === 0) {
          const buffer = new ArrayBuffer(inflated.length);
          inflated.copy(Buffer.from(buffer));
          return view(buffer);
        }
      } catch {
        // What can't be inflated is reported like what has a wrong length.
      }
      addIssue({ message: 'a column is damaged' });
      return NEVER;
    }),
  );

const Digests = columnOf(16, (buffer) => new Uint32Array(buffer));
const Ints = columnOf(4, (buffer) => new Int32Array(buffer));
const Steps = columnOf(8, (buffer) => new Float64Array(buffer));
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Hex = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u));
const Pair = <A extends v.GenericSchema, B extends v.GenericSchema>(a: A, b: B) => v.strictTuple([a, b]);

const Place = v.strictObject({ index: Count, line: Count, offset: Count, blanksBefore: Count });

const Notes = v.strictObject({
  places: v.strictObject({ steps: Steps, jumpRows: v.array(Count), jumpLines: v.array(Count) }),
  findings: v.strictObject({
    grave: v.array(Finding),
    other: v.array(Finding),
    counted: Count,
    worst: v.nullable(Verdict),
  }),
  open: v.nullable(v.strictObject({ finding: Finding, after: Count })),
  marks: Ints,
  pending: v.array(
    v.strictObject({ kind: v.literal('pending'), finding: Finding, paths: v.array(v.string()) }),
  ),
  unread: Count,
  partial: v.nullable(Place),
  verified: Count,
  provenNumeric: Count,
});

const Links = v.strictObject({
  chains: Digests,
  starts: Ints,
  ends: Ints,
  flags: Ints,
  parents: Digests,
  parentTails: Digests,
  endTails: Digests,
  oddParents: v.array(Pair(Count, v.string())),
  startIds: v.array(v.string()),
  endIds: v.array(v.string()),
  unreadableBefore: v.array(Pair(Count, Count)),
  aliases: Digests,
  aliasOf: v.array(Count),
  sequence: v.strictObject({ pairs: Count, steps: v.array(Pair(v.pipe(v.number(), v.finite()), Count)) }),
  recentIds: v.array(v.string()),
  lastId: v.string(),
  lastChain: v.string(),
  lastComputed: v.nullable(v.string()),
  firstBlanks: Count,
  blankPlaces: Count,
  unreadableFirst: Count,
  isFirstTooLongOnly: v.boolean(),
  unreadableLast: Count,
  isLastTooLongOnly: v.boolean(),
  blanksFirst: Count,
  blanksLast: Count,
  border: v.nullable(v.strictObject({ event: v.string(), chain: v.string(), computed: v.string() })),
});

const Form = v.strictObject({
  layout: v.literal('lines'),
  byteOrderMarks: Count,
  crlfLines: Count,
  blankLines: Count,
  firstBlankLine: Count,
  endsWithNewline: v.boolean(),
  isClosed: v.boolean(),
  trailing: v.null(),
});

const ascends = (rows: Int32Array, below: number): boolean => {
  let before = -1;
  for (const row of rows) {
    if (row <= before || row >= below) return false;
    before = row;
  }
  return true;
};

/** The columns must fit each other, so that joining never looks where nothing is. */
const fitsTogether = ({ records, start, end, pass: { notes, links } }: Segment): boolean => {
  const runs = links.starts.length;
  const { steps, jumpRows, jumpLines } = notes.places;
  return (
    links.chains.length === records * 4 &&
    steps.length === records &&
    records <= end - start &&
    jumpRows.length === jumpLines.length &&
    (records === 0 || jumpRows[0] === 0) &&
    steps.every((step) => Number.isSafeInteger(step) && step >= 0) &&
    [links.ends.length, links.flags.length, links.startIds.length, links.endIds.length].every(
      (length) => length === runs,
    ) &&
    links.parents.length === runs * 4 &&
    links.parentTails.length === runs * 4 &&
    links.endTails.length === Math.max(0, runs - 1) * 4 &&
    ascends(links.starts, records) &&
    ascends(links.ends, records) &&
    links.starts.every(
      (first, run) =>
        first <= (links.ends[run] as number) &&
        (run + 1 >= runs || (links.ends[run] as number) < (links.starts[run + 1] as number)),
    ) &&
    links.aliases.length === links.aliasOf.length * 4 &&
    links.aliasOf.every((index) => index < records) &&
    links.recentIds.length <= records &&
    (links.border === null || runs > 0) &&
    notes.marks.length % 3 === 0 &&
    notes.marks.every((value, i) => value >= 0 && (i % 3 === 2 ? value < 5 : value <= records)) &&
    notes.verified <= records &&
    [...notes.findings.grave, ...notes.findings.other].every(({ index = 0 }) => index < records)
  );
};

export const SegmentJson = v.pipe(
  v.strictObject({
    range: v.strictObject({ from: Count, to: Count }),
    start: Count,
    end: Count,
    sha256: Hex,
    fileBytes: Count,
    beginning: Hex,
    records: Count,
    lines: Count,
    trailingBlanks: Count,
    form: Form,
    pass: v.strictObject({ notes: Notes, links: Links }),
  }),
  v.check(
    (segment) => segment.start <= segment.end && segment.end <= segment.fileBytes,
    'a range is reversed',
  ),
  v.check((segment) => fitsTogether(segment), 'its columns don’t fit together'),
);

/** Plain JSON data of a segment. */
export const segmentJson = (segment: Segment): v.InferInput<typeof SegmentJson> => {
  const { notes, links } = segment.pass;
  return {
    ...segment,
    form: { ...segment.form, layout: 'lines', trailing: null },
    pass: {
      notes: {
        ...notes,
        places: {
          steps: pack(notes.places.steps),
          jumpRows: [...notes.places.jumpRows],
          jumpLines: [...notes.places.jumpLines],
        },
        findings: {
          ...notes.findings,
          grave: [...notes.findings.grave],
          other: [...notes.findings.other],
        },
        marks: pack(notes.marks),
        pending: notes.pending.map((verdict) => ({ ...verdict, paths: [...verdict.paths] })),
      },
      links: {
        ...links,
        chains: pack(links.chains),
        starts: pack(links.starts),
        ends: pack(links.ends),
        flags: pack(links.flags),
        parents: pack(links.parents),
        parentTails: pack(links.parentTails),
        endTails: pack(links.endTails),
        aliases: pack(links.aliases),
        oddParents: links.oddParents.map(([run, text]) => [run, text]),
        startIds: [...links.startIds],
        endIds: [...links.endIds],
        unreadableBefore: links.unreadableBefore.map(([run, count]) => [run, count]),
        aliasOf: [...links.aliasOf],
        sequence: {
          pairs: links.sequence.pairs,
          steps: links.sequence.steps.map(([step, count]) => [step, count]),
        },
        recentIds: [...links.recentIds],
      },
    },
  };
};
