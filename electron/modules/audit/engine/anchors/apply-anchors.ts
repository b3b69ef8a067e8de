// Holds prepared evidence against a report: what each piece adds, and what it makes of the verdict.
import type { AnchorCheck, Finding, VerificationReport } from '../../../../../shared/model/verdict.ts';
import { verdictClass, worse } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { EngineRun, Verified } from '../format.ts';
import { proofHasher } from '../opentimestamps/read-proof.ts';
import type { PreparedAnchors } from './anchors.ts';
import { COMPARES_CHECKPOINTS } from './evidence.ts';
import type { Evidence, StampedDigest } from './evidence.ts';
import { headMatches } from './imprint.ts';
import { NO_PREFIXES, searchPrefixes } from './prefix-search.ts';
import type { PrefixAnswer } from './prefix-search.ts';

interface Context {
  readonly report: VerificationReport;
  /** Digest of the file that was verified, for algorithms other than SHA-256; null where there is no single file. */
  fileDigest(algorithm: string): Promise<string | null>;
  /** Pieces of evidence beside this one that state a head. */
  readonly others: number;
  /** Earlier states of the log that verified stamps are over. */
  readonly prefixes: PrefixAnswer;
}

type Found = Pick<AnchorCheck, 'outcome' | 'index' | 'adds'>;

/** The ends of the log that a stamp can be over, with their words. */
const endsOf = (report: VerificationReport): readonly { readonly hex: string; readonly words: string }[] => [
  ...(report.head === null ? [] : [{ hex: report.head, words: 'the last hash of the log' }]),
  ...(report.seal === undefined
    ? []
    : [{ hex: report.seal.root, words: 'the Merkle root over all records' }]),
  {
    hex: report.source.sha256,
    words: report.source.kind === 'file' ? 'the digest of the file' : 'the digest of the folder’s listing',
  },
];

const stampedEnd = async (
  { report, fileDigest }: Context,
  stamped: StampedDigest,
): Promise<string | null> => {
  for (const { hex, words } of endsOf(report)) {
    const how = headMatches(hex, stamped.hex, stamped.digest);
    if (how !== null) return `${words}, which ${how}`;
  }
  return (await fileDigest(stamped.algorithm)) === stamped.hex ? 'the file as it is' : null;
};

const whenWords = (time: string | null): string => (time === null ? '' : ` at ${time}`);

const byStamp = async (each: Evidence, context: Context): Promise<Found | null> => {
  if (each.stamped === null) return null;
  const isContent = context.prefixes.whole.has(each.stamped);
  const end = isContent ? 'the content of the file' : await stampedEnd(context, each.stamped);
  if (end === null) return null;
  if (!each.verified)
    return { outcome: 'unverified', adds: `It is over ${end}, but could not be checked itself: ${each.why}` };
  return {
    outcome: 'covers',
    adds: `${each.who} vouches for ${end}: it existed${whenWords(each.time)}. ${
      context.report.findings.some(
        ({ verdict }) => verdict !== undefined && verdict !== 'INTACT_BUT_UNANCHORED',
      )
        ? 'What the findings name stays as they say.'
        : 'Nothing was altered, removed or added since then; what was done before is not excluded.'
    }`,
  };
};

/** The remark of a format that found a trusted head further up. */
const innerIndex = (findings: readonly Finding[], heads: readonly string[]): number | null => {
  const remarks = findings.filter(
    ({ kind, verdict, index }) => kind === 'HEAD_MISMATCH' && verdict === undefined && index !== undefined,
  );
  const own = remarks.find(({ expected }) => expected !== undefined && heads.includes(expected));
  return (own ?? (remarks.length === 1 ? remarks[0] : undefined))?.index ?? null;
};

const byHead = (each: Evidence, { report, others }: Context): Found => {
  const { heads, who } = each;
  const isTimed = each.stamped !== null;
  const since = isTimed
    ? `it had this end${whenWords(each.time)}; what was done to it before is not excluded`
    : 'nothing was cut off, added, altered or removed up to there since it was stated';
  const end = report.head !== null && heads.includes(report.head);
  if (end || (report.seal !== undefined && heads.includes(report.seal.root)))
    return { outcome: 'covers', adds: `${who} names the last hash of this log: ${since}.` };
  if (each.file !== null && each.file === report.source.sha256)
    return { outcome: 'covers', adds: `${who} is about this very file, byte for byte: ${since}.` };
  const about = report.findings.filter(
    ({ kind, expected }) => kind === 'HEAD_MISMATCH' && expected !== undefined && heads.includes(expected),
  );
  if (about.some(({ verdict }) => verdict !== undefined && verdictClass(verdict) === 'fail'))
    return {
      outcome: 'conflicts',
      adds: `${who} names a head that this log does not have: its end was cut off, it was made anew, or the evidence belongs to another log.`,
    };
  const index = innerIndex(report.findings, heads);
  if (index !== null)
    return {
      outcome: 'covers-part',
      index,
      adds: `${who} names the hash of record ${index}: the log up to there is what it was then. What follows was added since, and nothing here vouches for it.`,
    };
  if (each.kind === 'checkpoint' && COMPARES_CHECKPOINTS.has(report.format))
    return { outcome: 'unrelated', adds: `${who} is genuine, and says nothing of what was verified here.` };
  if (report.anchored && others <= 0)
    return { outcome: 'covers', adds: `${who} is the one that covers the end of this log: ${since}.` };
  if (report.anchored)
    return {
      outcome: 'covers-part',
      adds: `${who} names a hash in this log before its end, which other evidence covers.`,
    };
  return {
    outcome: 'unrelated',
    adds: `${who} names a head that can not be compared with anything in a log of this kind.`,
  };
};

/** A genuine stamp that is not over the log as it stands. */
const byEarlierState = (each: Evidence, { prefixes }: Context): Found => {
  const index = each.stamped === null ? undefined : prefixes.found.get(each.stamped);
  if (index !== undefined)
    return {
      outcome: 'covers-part',
      index,
      adds: `${each.who} vouches for the log up to line ${index + 1}: up to there it existed${whenWords(each.time)} as it is now. What follows is not covered by it.`,
    };
  if (each.over !== null)
    return {
      outcome: 'unrelated',
      adds: `${each.who} is genuine, but about ${each.over}, which states no head.`,
    };
  if (prefixes.exhaustive)
    return {
      outcome: 'conflicts',
      adds: `${each.who} is genuine, but over no state of this log: neither its last hash nor any hash before it, nor the file up to any line. The log was cut off or altered after it was stamped, or the timestamp belongs to another log.`,
    };
  return {
    outcome: 'unrelated',
    adds: `${each.who} is genuine, but about something else: neither the last hash of this log in any usual form, nor its file. An earlier state of the log was not looked for; give what was stamped with --data.`,
  };
};

const checkOne = async (each: Evidence, context: Context): Promise<AnchorCheck> => {
  const base = { name: each.name, kind: each.kind, time: each.verified ? each.time : null };
  const stamp = await byStamp(each, context);
  if (stamp !== null) return { ...base, ...stamp };
  if (!each.verified) return { ...base, outcome: 'unverified', adds: `It adds nothing. ${each.why}` };
  if (each.heads.length > 0) return { ...base, ...byHead(each, context) };
  return { ...base, ...byEarlierState(each, context) };
};

/** A stamp over no state of the log makes the same of it as a trusted head that it does not have. */
const withConflicts = (
  report: VerificationReport,
  evidence: readonly Evidence[],
  checks: readonly AnchorCheck[],
): VerificationReport => {
  const findings = checks.flatMap(({ outcome, name, adds }, i): Finding[] => {
    const each = evidence[i];
    if (outcome !== 'conflicts' || each === undefined || each.stamped === null || each.heads.length > 0)
      return [];
    return [
      { kind: 'HEAD_MISMATCH', verdict: 'TAMPERED', expected: each.stamped.hex, message: `${name}: ${adds}` },
    ];
  });
  return findings.length === 0
    ? report
    : {
        ...report,
        verdict: worse(report.verdict, 'TAMPERED'),
        findings: [...findings, ...report.findings],
        proves: [
          'The timestamp is genuine and over no state of this log: the log is not what was stamped, or is another one.',
          ...report.proves,
        ],
      };
};

/** Sentences on a missing anchor, as the formats write them. */
const UNANCHORED = /^That (?:nothing was cut off the end|the (?:whole )?log was not written anew)/u;

const withoutVerdict = (finding: Finding): Finding => {
  const { verdict, ...rest } = finding;
  return verdict === 'INTACT_BUT_UNANCHORED' ? rest : finding;
};

/** An anchored report: the verdict is raised where nothing but an anchor was missing. */
const anchored = (report: VerificationReport, covering: readonly AnchorCheck[]): VerificationReport => {
  const [best] = covering;
  if (best === undefined) return report;
  const isRaised = report.verdict === 'INTACT_BUT_UNANCHORED';
  const isTimed = covering.every(
    ({ time, kind }) => time !== null && (kind === 'rfc3161' || kind === 'opentimestamps'),
  );
  const kept = isRaised
    ? report.doesNotProve.filter((sentence) => !UNANCHORED.test(sentence))
    : report.doesNotProve;
  return {
    ...report,
    verdict: isRaised ? 'INTACT' : report.verdict,
    anchored: true,
    findings: isRaised ? report.findings.map(withoutVerdict) : report.findings,
    proves: [...report.proves, ...covering.map(({ name, adds }) => `${name}: ${adds}`)],
    doesNotProve: isTimed
      ? [
          ...kept,
          `That the log was not written anew before ${best.time ?? ''}: the timestamp shows it as it was then.`,
        ]
      : kept,
    strip: {
      ...report.strip,
      stretches: report.strip.stretches.map((each) =>
        each.state === 'unanchored' ? { ...each, state: 'verified' as const } : each,
      ),
    },
  };
};

const digestOfFile =
  (sources: readonly Source[]) =>
  async (algorithm: string): Promise<string | null> => {
    const file = sources.find(({ kind }) => kind === 'file')?.files[0];
    if (file === undefined || algorithm === 'sha256') return null;
    const sum = proofHasher(algorithm);
    for await (const piece of file.open()) sum.update(piece);
    return sum.digest('hex');
  };

/** Formats whose records are themselves proofs: a second one is no statement about the first. */
const PROOFS: ReadonlySet<string> = new Set(['rfc3161', 'opentimestamps']);

/** Only verified stamps that are not over the end of the log are worth reading it again. */
const prefixesOf = async (
  context: Context,
  evidence: readonly Evidence[],
  sources: readonly Source[],
  run: EngineRun,
): Promise<PrefixAnswer> => {
  if (PROOFS.has(context.report.format)) return NO_PREFIXES;
  const open: StampedDigest[] = [];
  for (const { verified, stamped, heads } of evidence)
    if (verified && stamped !== null && heads.length === 0 && (await stampedEnd(context, stamped)) === null)
      open.push(stamped);
  return open.length === 0 ? NO_PREFIXES : searchPrefixes(sources, open, run);
};

interface Applied {
  readonly report: VerificationReport;
  readonly checks: readonly AnchorCheck[];
}

const applyTo = async (
  { report }: Verified,
  evidence: readonly Evidence[],
  sources: readonly Source[],
  run: EngineRun,
): Promise<Applied> => {
  const others = evidence.filter(({ verified, heads }) => verified && heads.length > 0).length - 1;
  const first = { report, fileDigest: digestOfFile(sources), others, prefixes: NO_PREFIXES };
  const context = { ...first, prefixes: await prefixesOf(first, evidence, sources, run) };
  const checks: AnchorCheck[] = [];
  for (const each of evidence) checks.push(await checkOne(each, context));
  const covering = checks.filter(({ outcome }) => outcome === 'covers');
  return { report: withConflicts(anchored(report, covering), evidence, checks), checks };
};

const RANK = ['conflicts', 'covers', 'covers-part', 'unverified', 'unrelated'] as const;

/** Of a folder of logs: what each piece says of the log that it fits best. */
const bestOf = (checks: readonly AnchorCheck[]): AnchorCheck | undefined =>
  checks.toSorted((a, b) => RANK.indexOf(a.outcome) - RANK.indexOf(b.outcome))[0];

/**
 * Fills `report.anchors`, and raises the verdict where verified evidence covers the last record. Conflicts with a stated
 * head were found by the format already, for `prepared.heads` were its trusted heads.
 * @param sources what was verified: the file as given first
 */
export const applyAnchors = async (
  verified: Verified,
  prepared: PreparedAnchors,
  sources: readonly Source[],
  run: EngineRun,
): Promise<Verified> => {
  // What a proof is about is given as a head too: the proof itself says whether it fits.
  const { format, anchors: answered = [] } = verified.report;
  const evidence = prepared.evidence.filter(
    ({ name, kind }) =>
      !(kind === 'head' && PROOFS.has(format)) &&
      // A format that knows such files itself has judged this one.
      !((kind === 'checkpoint' || kind === 'unknown') && answered.some((each) => each.name === name)),
  );
  if (evidence.length === 0) return verified;
  const whole = await applyTo(verified, evidence, sources, run);
  const before = verified.report.anchors ?? [];
  const parts = verified.parts ?? [];
  if (parts.length === 0)
    return { ...verified, report: { ...whole.report, anchors: [...before, ...whole.checks] } };
  const applied = await Promise.all(parts.map((part) => applyTo(part.verified, evidence, [], run)));
  const checks = whole.checks.map((check, i) => {
    const inner = applied.flatMap((part, at) => {
      const found = part.checks[i];
      return found === undefined || found.outcome === 'unrelated'
        ? []
        : [{ ...found, adds: `${parts[at]?.path ?? ''}: ${found.adds}` }];
    });
    return check.outcome === 'covers' ? check : (bestOf(inner) ?? check);
  });
  const all = applied.every(({ report }) => report.anchored);
  const covering = checks.filter(({ outcome }) => outcome === 'covers');
  const isWhole = whole.checks.some(({ outcome }) => outcome === 'covers');
  return {
    ...verified,
    report: {
      ...(all && !isWhole ? anchored(verified.report, covering) : whole.report),
      anchors: [...before, ...checks],
    },
    parts: parts.map((part, i) => ({
      ...part,
      verified: { ...part.verified, report: applied[i]?.report ?? part.verified.report },
    })),
  };
};
