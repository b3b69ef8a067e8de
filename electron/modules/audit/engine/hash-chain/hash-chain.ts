// Hash-chained JSONL and CSV of any dialect: the recipe is inferred from the data, then every record and link is verified.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Detection } from '../../../../../shared/model/audit.ts';
import type { Finding, Verdict } from '../../../../../shared/model/verdict.ts';
import { recipeJson } from '../../../../../shared/chain/recipe.ts';
import { algorithmWords, recipeWords } from '../../../../../shared/chain/recipe-words.ts';
import type { Source } from '../../../../ports/source.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { locatorOf } from '../lines/locator.ts';
import { readLog } from '../lines/read-log.ts';
import { ChainPass } from './chain-pass.ts';
import { chainFindings, compareAllHeads, withoutStrayed } from './chain-set.ts';
import type { ChainEnd } from './chain-set.ts';
import { chainClaims } from './claims.ts';
import { coverageOf } from './coverage-findings.ts';
import { detectChain } from './detect-chain.ts';
import { digestHex } from './digests.ts';
import { digestKey } from '../guardian/link-tracker.ts';
import { missingFindings } from './missing.ts';
import { ID, prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import { readTable } from './read-table.ts';
import { chainRecordView, storedOwnAt } from './record-view.ts';
import { HASH_CHAIN_METHOD } from './method.ts';

const TITLE = 'Hash-chained log (JSONL or CSV)';

/** Heads as lower-case hex of their bytes, whatever form the log writes hashes in. */
const headsOf = (options: VerifyOptions, prepared: Prepared): readonly string[] =>
  options.trustedHeads.map((head) => {
    const { digest } = prepared.hit.recipe;
    const isHex = /^[0-9a-f]+$/i.test(head) && head.length === digest.bytes * 2;
    return isHex ? head.toLowerCase() : digestHex(head, digest).toLowerCase();
  });

/** The findings of one chain's links; where no record carries its own hash, a broken link is the altered record's. */
function* linkFindings(end: ChainEnd, pass: ChainPass, isWhole: boolean): Generator<Finding> {
  for (const finding of chainFindings(end.shape, (index) => pass.notes.at(index))) {
    const isAltered =
      finding.kind === 'LINK_BREAK' && finding.verdict === 'TAMPERED' && finding.ofIndex !== undefined;
    const wasAltered = end.shape.breaks.some(
      ({ index, cause }) => index === finding.index && cause === 'altered',
    );
    if (!isWhole || !isAltered || !wasAltered || finding.ofIndex === undefined) {
      yield finding;
      continue;
    }
    const { expected } = finding;
    yield {
      kind: 'EVENT_HASH_MISMATCH',
      verdict: 'TAMPERED',
      ...pass.notes.at(finding.ofIndex),
      ...(expected === undefined ? {} : { expected }),
      message: `The record does not give the hash that record ${finding.index ?? ''} names as its previous one: its content was altered, or the hash there.`,
    };
  }
}

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const prepared = await prepare(source, options);
  const { recipe } = prepared.hit;
  const pass = new ChainPass(prepared);
  const { notes } = pass;
  const read = prepared.layout.csv === null ? readLog : readTable;
  const reading = await read(source, ID, options, run, pass);
  if (notes.verified === 0) {
    const reason = 'no line holds a record with the fields of its recipe';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  pass.finish();
  notes.finish(reading);

  const heads = headsOf(options, prepared);
  const ends = pass.isLinked ? withoutStrayed(pass.chains.ends(heads.map(digestKey)), pass.altered) : [];
  for (const end of ends) {
    for (const finding of linkFindings(end, pass, recipe.own === null)) notes.report(finding);
    for (const { ofIndex, cause } of end.shape.breaks) {
      if (ofIndex !== null && cause !== 'removed')
        notes.strip.mark(ofIndex, 1, cause === 'unread' ? 'uncovered' : 'failed');
    }
  }
  const answer = pass.isLinked ? compareAllHeads(ends, heads) : unlinkedHeads(heads);
  for (const finding of answer.findings)
    notes.findings.add(finding.index === undefined ? finding : { ...finding, ...notes.at(finding.index) });
  for (const finding of missingFindings(prepared, options)) notes.findings.add(finding);
  const coverage = coverageOf(prepared, pass.lastIndex);
  for (const finding of coverage.findings)
    notes.findings.add(finding.index === undefined ? finding : { ...finding, ...notes.at(finding.index) });

  const windows = ends.filter(({ shape }) => shape.window !== null);
  const base: Verdict = !pass.isLinked
    ? recipe.digest.keyed === 'none'
      ? 'NOT_TAMPER_EVIDENT'
      : 'INTACT_BUT_UNANCHORED'
    : windows.length > 0
      ? 'PARTIAL_INTACT'
      : answer.anchored
        ? 'INTACT'
        : 'INTACT_BUT_UNANCHORED';
  const verdict = notes.findings.verdict(base);
  const claims = chainClaims({
    verdict,
    anchored: answer.anchored,
    coveredTo: answer.coveredTo,
    isWindow: windows.length > 0,
    verified: notes.verified,
    unread: reading.records - notes.verified,
    isHashKnown: prepared.isHashKnown,
    isLinked: pass.isLinked,
    isKeyed: recipe.digest.keyed !== 'none',
    signed: prepared.signature?.isEmbedded === true ? 0 : pass.signed,
    chains: ends.length,
    unprotected: coverage.unprotectedFields,
  });
  const { findings, omitted } = notes.findings.listed();
  const words = prepared.isHashKnown ? recipeWords(recipe) : null;
  const last = lastEnd(ends);
  return {
    report: {
      verdict,
      format: ID,
      ...(words === null
        ? {}
        : { dialect: dialectOf(prepared), recipe: { words, json: recipeJson(recipe) } }),
      records: reading.records,
      anchored: answer.anchored,
      findings: [...findings],
      findingsOmitted: omitted,
      coverage: {
        unprotectedFields: [...coverage.unprotectedFields],
        uncovered: [],
        unreferenced: [],
        ...(coverage.weaknesses.length === 0 ? {} : { weaknesses: [...coverage.weaknesses] }),
      },
      head: last === null ? null : await headText(last, pass, prepared, source),
      startsAfter: windows[0]?.chain.firstPrev || null,
      proves: claims.proves,
      doesNotProve: claims.doesNotProve,
      source: { name: source.name, kind: source.kind, bytes: reading.bytes, sha256: reading.sha256 },
      strip: notes.strip.build(reading.records, answer.coveredTo === null ? null : answer.coveredTo + 1),
      throughput: {
        records: reading.records,
        bytes: reading.bytes,
        seconds: (performance.now() - began) / 1000,
      },
    },
    locator: locatorOf(notes.places),
  };
};

const unlinkedHeads = (heads: readonly string[]): ReturnType<typeof compareAllHeads> => ({
  anchored: false,
  coveredTo: null,
  findings: heads.map((expected) => ({
    kind: 'HEAD_MISMATCH',
    expected,
    message: 'The trusted head can not be compared with anything: these records form no chain.',
  })),
});

/** The chain whose last record stands last. */
const lastEnd = (ends: readonly ChainEnd[]): ChainEnd | null =>
  ends.reduce<ChainEnd | null>((best, end) => (best === null || end.head > best.head ? end : best), null);

/** The last hash in chain order. */
const headText = async (
  end: ChainEnd,
  pass: ChainPass,
  prepared: Prepared,
  source: Source,
): Promise<string | null> => {
  const isAtHand = end.head === pass.lastIndex;
  const own = isAtHand
    ? end.chain.lastOwn
    : await storedOwnAt(source, locatorOf(pass.notes.places), end.head, prepared);
  if (own === null) return null;
  const text = digestHex(own, prepared.hit.recipe.digest);
  return /^[0-9a-f]{8,128}$/.test(text) ? text : null;
};

/** A short name: algorithm and form. */
const dialectOf = (prepared: Prepared): string => {
  const { recipe } = prepared.hit;
  const algorithm = algorithmWords(recipe.digest.algorithm);
  const keyed = recipe.digest.keyed === 'none' ? algorithm : `HMAC-${algorithm}`;
  return `${recipe.layout.toUpperCase()} ${keyed} ${recipe.name ?? recipe.template.replaceAll('\n', '\\n')}`;
};

/** JSON lines, JSON arrays and CSV tables, plain or gzip, whose records carry hashes. Design: audit.md section 3.1. */
export const hashChain: AuditFormat = {
  id: ID,
  title: TITLE,
  summary:
    'One record per line, JSON or CSV, with a hash of its own or of the record before; how it is made is inferred from the data, or given as a recipe.',
  method: HASH_CHAIN_METHOD,
  detect: (source): Promise<Detection | null> => detectChain(source, ID, TITLE),
  verify,
  record: chainRecordView,
};
