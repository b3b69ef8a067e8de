// syslog-ng secure logging: each line encrypted with a key used once, numbered, and under one MAC over the whole log.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Detection } from '../../../../../shared/model/audit.ts';
import type { Verdict } from '../../../../../shared/model/verdict.ts';
import type { Source } from '../../../../ports/source.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { keyFilesOf } from '../journald/key-files.ts';
import { PlaceColumn } from '../lines/columns.ts';
import { FindingList } from '../lines/finding-list.ts';
import { formFindings } from '../lines/form-findings.ts';
import { locatorOf } from '../lines/locator.ts';
import { onlyFile, readLog } from '../lines/read-log.ts';
import { pump, RecordStream } from '../lines/record-stream.ts';
import type { Place, RecordHandler } from '../lines/record-stream.ts';
import { sampleOf } from '../lines/sample.ts';
import { Strip } from '../lines/strip.ts';
import { TextStream } from '../lines/text-stream.ts';
import { NO_NUMBER, planCounters } from './counters.ts';
import type { CounterPlan } from './counters.ts';
import { KeyChain, readSlogKeys } from './key-chain.ts';
import type { HostKey } from './key-chain.ts';
import { parseSlogLine } from './line.ts';
import type { SlogLine } from './line.ts';
import { SLOG_METHOD } from './method.ts';
import { viewLine } from './record-view.ts';
import { checkEnds } from './slog-ends.ts';
import type { Ends } from './slog-ends.ts';
import { reportGaps, reportLines, reportOrder } from './slog-findings.ts';
import { decryptBody, SlogPass } from './slog-pass.ts';

const ID = 'syslog-ng-slog';
const TITLE = 'syslog-ng secure log';
const SAMPLE = 8;

const detect = async (source: Source): Promise<Detection | null> => {
  const sample = await sampleOf(source, SAMPLE);
  if (sample === null || sample.records.length === 0) return null;
  const lines = sample.records.map((record) =>
    parseSlogLine(record.toString('latin1', 0, record.length - 1)),
  );
  const read = lines.filter((line) => line !== null && line.counter !== null && line.isCanonical);
  if (read.length * 2 < lines.length) return null;
  const steps = lines.filter(
    (line, i) => i > 0 && line?.counter === (lines[i - 1]?.counter ?? -2) + 1,
  ).length;
  const confidence = read.length === 1 ? 0.8 : steps > 0 ? 0.97 : 0.7;
  const reason = `${read.length} of the first ${lines.length} lines are a number of eight bytes and an encrypted entry, both in base64${steps > 0 ? '; the numbers count on' : ''}.`;
  return { format: ID, title: TITLE, confidence, reason };
};

/** First reading: the numbers only, and some lines to try keys on. */
class Survey implements RecordHandler {
  readonly counters: (number | null)[] = [];
  readonly places = new PlaceColumn();
  readonly samples: { readonly index: number; readonly line: SlogLine }[] = [];
  readonly clear: number[] = [];
  readonly odd: number[] = [];
  prefixes = 0;
  partial = -1;

  record(bytes: Buffer, start: number, end: number, place: Place, complete: boolean): void {
    this.places.push(place.offset, place.line);
    const line = parseSlogLine(bytes.toString('latin1', start, end));
    this.counters.push(line?.counter ?? null);
    if (!complete) this.partial = place.index;
    if (line === null) {
      this.clear.push(place.index);
      return;
    }
    if (line.prefix !== '') this.prefixes += 1;
    if (!line.isCanonical) this.odd.push(place.index);
    const { index } = place;
    // The first ones, then fewer and fewer.
    if (index < 16 || (index & (index - 1)) === 0) this.samples.push({ index, line });
  }

  tooLong(place: Place): void {
    this.places.push(place.offset, place.line);
    this.counters.push(null);
    this.clear.push(place.index);
  }
}

const NEAR = 100_000;

/** The key under which sample lines decrypt; null when none does. */
const fittingKey = (survey: Survey, plan: CounterPlan, keys: readonly HostKey[]): HostKey | null => {
  for (const key of keys) {
    const chain = new KeyChain(key);
    for (const { index, line } of survey.samples.toSorted(
      (a, b) => (plan.numbers[a.index] ?? 0) - (plan.numbers[b.index] ?? 0),
    )) {
      const number = plan.numbers[index] ?? NO_NUMBER;
      if (number < key.counter || chain.distance(number) > NEAR + plan.first) continue;
      const own = chain.at(number);
      if (own !== null && decryptBody(own, line.body) !== null) return key;
    }
  }
  return null;
};

const readAgain = async (source: Source, pass: SlogPass, run: EngineRun): Promise<void> => {
  const file = onlyFile(source, ID);
  const records = new RecordStream({
    record: (bytes, start, end, place) => {
      const line = parseSlogLine(bytes.toString('latin1', start, end));
      if (line === null) pass.skip(place.index);
      else pass.line(place.index, { ...line, body: Buffer.from(line.body) });
    },
    tooLong: (place) => pass.skip(place.index),
  });
  await pump(new TextStream(file), records, {
    signal: run.signal,
    advanced: (done, count) =>
      run.progress({
        step: 'verifying',
        done: file.bytes + done,
        total: 2 * file.bytes,
        unit: 'bytes',
        records: count,
      }),
  });
  pass.end();
};

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const survey = new Survey();
  const file = onlyFile(source, ID);
  const reading = await readLog(
    source,
    ID,
    options,
    { signal: run.signal, progress: (p) => run.progress({ ...p, total: 2 * file.bytes }) },
    survey,
  );
  const { places } = survey;
  const entries = reading.records - survey.clear.length;
  if (entries === 0) {
    const reason = 'no line is a numbered, encrypted entry';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  const findings = new FindingList();
  const strip = new Strip();
  for (const finding of formFindings(reading, null)) findings.add(finding);
  const { keys, macs } = readSlogKeys(await keyFilesOf(options, ID));
  const initial = keys.toSorted((a, b) => a.counter - b.counter);
  let plan = planCounters(survey.counters, 0);
  const key = fittingKey(survey, plan, initial);
  if (key !== null && key.counter > 0) plan = planCounters(survey.counters, key.counter);

  for (const index of survey.clear) {
    strip.mark(index, 1, 'uncovered');
    const place = { index, line: places.line(index), byteOffset: places.offset(index) };
    const message =
      index === survey.partial
        ? 'The file ends in the middle of this line: it is cut off here.'
        : 'This line is no secure log entry: clear text, which syslog-ng writes when it has no key, or a foreign line. Nothing protects it, and anyone could have put it there.';
    if (index === survey.partial) findings.add({ kind: 'TRUNCATED', verdict: 'GAP', ...place, message });
    else findings.add({ kind: 'UNPROTECTED_RECORD', verdict: 'UNVERIFIABLE', ...place, message });
  }
  for (const index of survey.odd) {
    const message =
      'The base64 text of this line is not the one that syslog-ng writes: characters were changed or added. Where the entry still decrypts, no bit of the entry was.';
    findings.add({
      kind: 'REPAIRED',
      verdict: 'MISMATCH_EXPLAINED',
      index,
      line: places.line(index),
      byteOffset: places.offset(index),
      message,
    });
  }

  let base: Verdict = 'UNVERIFIABLE';
  let ends: Ends = { anchored: false, anchors: [] };
  let head: string | null = null;
  let good = 0;
  const unkeyed = {
    states: [...plan.numbers].map(() => 'good' as const),
    numbers: [...plan.numbers],
    ofLine: new Map<number, number>(),
  };
  if (key === null) {
    strip.mark(0, reading.records, 'uncovered');
    const others =
      keys.length > 0 ? `: not one entry decrypts with ${keys.map(({ name }) => name).join(', ')}` : '';
    const message = `The initial host key (k0, 56 bytes, as slogkey made it for this host) is missing${others}. Without it no entry can be verified or read.`;
    if (keys.length > 0)
      findings.add({
        kind: 'SIGNATURE_INVALID',
        verdict: 'UNVERIFIABLE',
        message: `Not one entry decrypts with the key given: it is of another host, a later state of the key, or a master key.`,
      });
    findings.add({ kind: 'KEY_MISSING', verdict: 'UNVERIFIABLE', message });
    reportGaps(unkeyed, places, findings);
    reportOrder(unkeyed, places, findings, strip);
  } else {
    if (!key.isWhole) {
      const message = `The check value inside ${key.name} does not fit, but its key does.`;
      findings.add({ kind: 'REPAIRED', message });
    }
    const chain = new KeyChain(key, plan.late);
    const pass = new SlogPass(plan, chain, macs);
    await readAgain(source, pass, run);
    head = pass.head;
    good = pass.states.filter((state) => state === 'good' || state === 'renumbered').length;
    reportLines(pass, places, findings, strip);
    reportGaps(pass, places, findings);
    reportOrder(pass, places, findings, strip);
    const clear = new Set(survey.clear);
    for (const [index, state] of pass.states.entries()) {
      if (state !== 'moot' || clear.has(index)) continue;
      strip.mark(index, 1, 'uncovered');
      const message =
        'The number of this entry can not be true, and it decrypts with no key near it: number or content was altered, or it belongs to another log.';
      findings.add({
        kind: 'EVENT_HASH_MISMATCH',
        verdict: 'TAMPERED',
        index,
        line: places.line(index),
        byteOffset: places.offset(index),
        message,
      });
    }
    ends = checkEnds(pass, plan, chain, key, keys, macs, findings);
    base = ends.anchored ? 'INTACT' : 'INTACT_BUT_UNANCHORED';
    if (plan.first > 0) {
      const message = `The log begins with entry ${plan.first}: the entries before it are not in this file.`;
      findings.add({
        kind: 'SEGMENT_START',
        verdict: 'PARTIAL_INTACT',
        index: Math.max(0, pass.numbers.indexOf(plan.first)),
        message,
      });
    }
    if (macs.length === 0 && !ends.anchored) {
      const message =
        'The MAC file (mac.dat, 32 bytes) was not given: nothing shows whether entries are missing at the end.';
      findings.add({ kind: 'KEY_MISSING', message });
    }
  }
  for (const trusted of options.trustedHeads) {
    const message = `The trusted head ${trusted} is a SHA-256 digest; this log has a MAC of 16 bytes and can not be compared with it.`;
    findings.add({ kind: 'HEAD_MISMATCH', message });
  }
  const { findings: listed, omitted } = findings.listed();
  return {
    locator: locatorOf(places),
    report: {
      verdict: findings.verdict(base),
      format: ID,
      records: reading.records,
      anchored: ends.anchored,
      findings: [...listed],
      findingsOmitted: omitted,
      coverage: {
        unprotectedFields: survey.prefixes > 0 ? ['the text before the number of each line'] : [],
        uncovered: [],
        unreferenced: [],
      },
      ...(ends.anchors.length > 0 ? { anchors: [...ends.anchors] } : {}),
      head,
      startsAfter: null,
      proves:
        key === null
          ? [
              'Nothing about the content. The numbers of the lines were read, which are not protected by themselves.',
            ]
          : [
              `${good} entries decrypt with the key of their number: each is exactly what syslog-ng encrypted under that number, and none without a finding was altered or moved to another number.`,
              ...(ends.anchored
                ? [
                    `The last entry is entry ${plan.last}, by evidence beside the log: none is missing at the end.`,
                  ]
                : []),
            ],
      doesNotProve: [
        ...(ends.anchored ? [] : ['That the log is complete: entries may be missing at the end.']),
        'That entries written after the host was taken over are genuine: who holds the key of an entry can write that one and all later ones.',
        'That what the entries say is true, or that everything that happened was logged.',
      ],
      source: { name: source.name, kind: source.kind, bytes: reading.bytes, sha256: reading.sha256 },
      strip: strip.build(reading.records, null),
      throughput: {
        records: reading.records,
        bytes: reading.bytes,
        seconds: (performance.now() - began) / 1000,
      },
    },
  };
};

/**
 * syslog-ng `$(slog)` logs (modules/secure-logging of syslog-ng; design/audit.md 3.9). `index` counts lines; the number
 * of an entry is another thing, and findings name both.
 */
export const syslogNgSlog: AuditFormat = {
  id: ID,
  title: TITLE,
  summary:
    'syslog-ng secure logging: every entry is decrypted with its own key; altered, missing, moved and doubled ones are named.',
  method: SLOG_METHOD,
  detect,
  verify,
  record: viewLine,
};
