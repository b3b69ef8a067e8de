// The Guardian verifier: forms of files, heads, progress, stopping, and what it says it proves.
import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { guardianChain } from '../../../electron/modules/audit/engine/guardian/guardian-chain.ts';
import type { VerifyOptions } from '../../../electron/modules/audit/engine/format.ts';
import type { Source } from '../../../electron/ports/source.ts';
import { VerificationReport } from '../../../shared/model/verdict.ts';
import { makeRecords } from '../../fixtures/guardian/generate.ts';
import { memorySource, quietRun } from '../../fixtures/guardian/memory-source.ts';

const log = [...makeRecords({ seed: 1, count: 300 })];
const lines = log.map(({ line }) => line);
const text = lines.map((line) => `${line}\n`).join('');
const head = log.at(-1)?.chainHash ?? '';

const verify = async (content: string | Uint8Array | Source, options: Partial<VerifyOptions> = {}) => {
  const source =
    typeof content === 'string' || content instanceof Uint8Array ? memorySource(content) : content;
  const verified = await guardianChain.verify(source, { trustedHeads: [], keys: [], ...options }, quietRun);
  // Whatever the log, the report keeps the form that it promises.
  v.parse(VerificationReport, verified.report);
  return verified.report;
};

const told = ({
  findings,
}: {
  findings: readonly { kind: string; verdict?: string | undefined; index?: number | undefined }[];
}) => findings.map(({ kind, verdict, index }) => [kind, verdict ?? null, index ?? null]);

test('a genuine log is intact with its head, and says what is missing without', async () => {
  const bare = await verify(text);
  expect(bare).toMatchObject({
    verdict: 'INTACT_BUT_UNANCHORED',
    anchored: false,
    records: 300,
    head,
    findings: [],
  });
  expect(bare.doesNotProve.join(' ')).toContain('cut off the end');
  expect(bare.source).toEqual({
    name: 'log.jsonl',
    kind: 'file',
    bytes: text.length,
    sha256: hash('sha256', text),
  });
  const anchored = await verify(text, { trustedHeads: [head] });
  expect(anchored).toMatchObject({
    verdict: 'INTACT',
    anchored: true,
    findings: [],
    coverage: { unprotectedFields: [] },
  });
  expect(anchored.doesNotProve.join(' ')).not.toContain('cut off the end');
});

test('the answer does not depend on how the bytes arrive', async () => {
  const whole = await verify(text);
  for (const chunk of [1, 7, 1000, 4096]) {
    const report = await verify(memorySource(text.slice(0, 40_000), 'log.jsonl', chunk));
    const same = await verify(text.slice(0, 40_000));
    expect({ ...report, throughput: null }).toEqual({ ...same, throughput: null });
  }
  expect(whole.records).toBe(300);
});

test('gzip: whole, several members, cut off, appended to, padded, damaged', async () => {
  const packed = gzipSync(text);
  expect(await verify(packed)).toMatchObject({
    verdict: 'INTACT_BUT_UNANCHORED',
    records: 300,
    findings: [],
    head,
  });
  const middle = lines
    .slice(0, 100)
    .map((line) => `${line}\n`)
    .join('').length;
  const members = Buffer.concat([gzipSync(text.slice(0, middle)), gzipSync(text.slice(middle))]);
  expect(await verify(members, { trustedHeads: [head] })).toMatchObject({ verdict: 'INTACT', findings: [] });

  const cut = await verify(packed.subarray(0, Math.floor(packed.length / 2)));
  expect(cut.verdict).toBe('GAP');
  expect(cut.records).toBeGreaterThan(100);
  expect(told(cut)).toEqual([['TRUNCATED', 'GAP', cut.records - 1]]);

  const appended = await verify(Buffer.concat([packed, Buffer.from('rm -rf')]));
  expect(told(appended)).toEqual([['TRAILING_DATA', 'UNVERIFIABLE', null]]);
  expect(appended.records).toBe(300);
  expect(appended.source.sha256).toBe(hash('sha256', Buffer.concat([packed, Buffer.from('rm -rf')])));
  expect(told(await verify(Buffer.concat([packed, Buffer.alloc(512)])))).toEqual([
    ['TRAILING_DATA', null, null],
  ]);

  const damaged = Buffer.from(packed);
  damaged.writeUInt32LE(0, damaged.length - 8);
  expect(told(await verify(damaged))).toEqual([['MALFORMED', 'UNVERIFIABLE', null]]);
  expect(told(await verify(packed.subarray(0, packed.length - 3)))).toEqual([['TRUNCATED', 'GAP', null]]);
});

test('gzip arriving in any pieces', async () => {
  const packed = Buffer.concat([gzipSync(text.slice(0, 5000)), gzipSync(text.slice(5000))]);
  for (const chunk of [1, 3, 1024]) {
    expect(await verify(memorySource(packed, 'log.jsonl.gz', chunk))).toMatchObject({
      records: 300,
      findings: [],
    });
  }
});

test('a JSON array of records, pretty-printed or not, is verified as lines are', async () => {
  const records = lines.map((line) => `  ${line.replaceAll(', "', ',\n    "')}`).join(',\n');
  expect(await verify(`[\n${records}\n]\n`, { trustedHeads: [head] })).toMatchObject({
    verdict: 'INTACT',
    records: 300,
  });
  expect(await verify(memorySource(`[${lines.join(',')}]`, 'log.json', 11))).toMatchObject({
    records: 300,
    findings: [],
  });
  const open = await verify(`[${lines.slice(0, 50).join(',')}`);
  expect(told(open)).toEqual([['TRUNCATED', 'GAP', null]]);
  const cut = await verify(`[${lines.slice(0, 50).join(',').slice(0, -10)}`);
  expect(told(cut)).toEqual([['TRUNCATED', 'GAP', 49]]);
  const trailing = await verify(`[${lines.join(',')}] extra`);
  expect(told(trailing)).toEqual([['TRAILING_DATA', 'UNVERIFIABLE', null]]);
  const edited = await verify(`[\n${records.replace('"action": "', '"action": "un')}\n]\n`);
  expect(edited.findings).toMatchObject([{ kind: 'EVENT_HASH_MISMATCH', index: 0, line: 2, byteOffset: 4 }]);
});

test('form that changes no hash is said, not judged', async () => {
  const cases = {
    'byte order mark': `\u{feff}${text}`,
    'CR LF': text.replaceAll('\n', '\r\n'),
    'blank lines': text.replace('\n', '\n\n \n'),
    'no line feed': text.slice(0, -1),
  };
  for (const [what, content] of Object.entries(cases)) {
    const report = await verify(content, { trustedHeads: [head] });
    expect(report.verdict, what).toBe('INTACT');
    expect(report.findings.map(({ verdict, message }) => [verdict, message.includes(what)])).toEqual([
      [undefined, true],
    ]);
  }
});

test('a line that is no record is named by index, line and byte, and the break around it too', async () => {
  const spoilt = [...lines.slice(0, 10), '', '{"event_id": "evt-00000010"', ...lines.slice(11)].join('\n');
  const report = await verify(spoilt);
  const offset = lines.slice(0, 10).join('\n').length + 2;
  expect(report.findings.filter(({ verdict }) => verdict !== undefined)).toMatchObject([
    { kind: 'MALFORMED', verdict: 'UNVERIFIABLE', index: 10, line: 12, byteOffset: offset },
    { kind: 'LINK_BREAK', verdict: 'TAMPERED', index: 11, ofIndex: 10, line: 13 },
  ]);
  for (const [bad, reason] of [
    [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'not valid UTF-8'],
    [Buffer.from('{"a":1}'), 'it has no event_hash'],
    [Buffer.from('[1]'), 'not an object'],
    [Buffer.from('{"event_hash":5,"chain_hash":"x"}'), 'event_hash is no string'],
    [Buffer.from('['.repeat(200_000)), 'deeper than 1000 levels'],
  ] as const) {
    const content = Buffer.concat([
      Buffer.from(`${lines.slice(0, 20).join('\n')}\n`),
      bad,
      Buffer.from('\n'),
    ]);
    const [finding] = (await verify(content)).findings;
    expect(finding).toMatchObject({ kind: 'MALFORMED', verdict: 'UNVERIFIABLE', index: 20 });
    expect(finding?.message).toContain(reason);
  }
});

test('a line of 40 MiB is passed over in bounded memory, named, and not taken for tampering', async () => {
  const [first = '', second = '', third = ''] = lines;
  const piece = Buffer.alloc(1 << 20, 0x78);
  const size =
    Buffer.byteLength(`${first}\n`) + 40 * piece.length + Buffer.byteLength(`\n${second}\n${third}\n`);
  const source: Source = {
    name: 'long.jsonl',
    kind: 'file',
    files: [
      {
        name: 'long.jsonl',
        bytes: size,
        async *open() {
          yield Buffer.from(`${first}\n`);
          for (let i = 0; i < 40; i += 1) yield piece;
          yield Buffer.from(`\n${second}\n${third}\n`);
        },
      },
    ],
  };
  const before = process.memoryUsage.rss();
  const report = await verify(source);
  expect(process.memoryUsage.rss() - before).toBeLessThan(60 * 2 ** 20);
  expect(report).toMatchObject({ verdict: 'UNVERIFIABLE', records: 4 });
  expect(report.findings).toMatchObject([
    { kind: 'MALFORMED', index: 1, line: 2, byteOffset: first.length + 1 },
  ]);
  expect(report.findings[0]?.message).toContain(String(40 * piece.length));

  // With a record lost in the long line, the break behind it is not blamed on anyone.
  const broken: Source = {
    ...source,
    files: source.files.map((file) => ({
      ...file,
      async *open() {
        yield Buffer.from(`${first}\n`);
        for (let i = 0; i < 20; i += 1) yield piece;
        yield Buffer.from(`\n${third}\n`);
      },
    })),
  };
  const torn = await verify(broken);
  expect(torn.verdict).toBe('UNVERIFIABLE');
  expect(told(torn)).toEqual([
    ['MALFORMED', 'UNVERIFIABLE', 1],
    ['LINK_BREAK', 'UNVERIFIABLE', 2],
  ]);
});

test('heads: several at once, the start of a window, a fork’s shorter end, an unknown one', async () => {
  const inner = log[100]?.chainHash ?? '';
  expect(await verify(text, { trustedHeads: [inner, head] })).toMatchObject({
    verdict: 'INTACT',
    findings: [],
  });
  const window = lines.slice(101).join('\n');
  const started = await verify(`${window}\n`, { trustedHeads: [inner, head] });
  expect(started).toMatchObject({ verdict: 'PARTIAL_INTACT', anchored: true, startsAfter: inner });
  const unknown = await verify(text, { trustedHeads: ['0'.repeat(64), head] });
  expect(told(unknown)).toEqual([['HEAD_MISMATCH', 'TAMPERED', null]]);
});

test('a stored digest of zeros or odd text names nothing', async () => {
  const odd = lines.with(
    50,
    (lines[50] ?? '').replace(/"previous_hash": "[0-9a-f]{64}"/, `"previous_hash": "${'0'.repeat(64)}"`),
  );
  const junk = odd
    .toSpliced(20, 0, 'junk')
    .map((line) => `${line}\n`)
    .join('');
  expect(told(await verify(junk))).toEqual([
    ['MALFORMED', 'UNVERIFIABLE', 20],
    ['CHAIN_HASH_MISMATCH', 'TAMPERED', 51],
  ]);
});

test('throws what was foreseen: nothing of the format, a changed file, a folder, cancelling', async () => {
  await expect(verify('hello\nworld\n')).rejects.toMatchObject({ code: 'audit.format_mismatch' });
  await expect(verify('')).rejects.toMatchObject({ code: 'file.empty' });
  await expect(verify(text, { expectedSha256: hash('sha256', 'other') })).rejects.toMatchObject({
    code: 'file.changed',
  });
  expect(await verify(text, { expectedSha256: hash('sha256', text) })).toMatchObject({ records: 300 });
  const { files } = memorySource(text);
  const folder: Source = { name: 'folder', kind: 'folder', files: [...files, ...files] };
  await expect(verify(folder)).rejects.toMatchObject({ code: 'audit.format_mismatch' });
  expect(await guardianChain.detect(folder)).toBeNull();

  const stop = new AbortController();
  const run = { signal: stop.signal, progress: () => stop.abort() };
  const slow = memorySource(text, 'log.jsonl', 1000);
  await expect(guardianChain.verify(slow, { trustedHeads: [], keys: [] }, run)).rejects.toMatchObject({
    code: 'job.cancelled',
  });
});

test('other work gets its turn while a log is verified', async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const seen: number[] = [];
  const run = {
    signal: new AbortController().signal,
    progress: ({ done }: { done: number }) => void seen.push(done),
  };
  await guardianChain.verify(
    memorySource(text.repeat(20), 'log.jsonl', 1 << 18),
    { trustedHeads: [], keys: [] },
    run,
  );
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  expect(seen.at(-1)).toBe(text.length * 20);
});

test('recognises the format by recomputing a hash, not by names alone', async () => {
  const detect = (content: string | Uint8Array) => guardianChain.detect(memorySource(content));
  expect(await detect(text)).toMatchObject({ format: 'guardian-chain', confidence: 0.99 });
  expect((await detect(text))?.reason).toContain('SHA-256');
  expect(await detect(gzipSync(text))).toMatchObject({ confidence: 0.99 });
  expect(await detect(`[${lines.join(',')}]`)).toMatchObject({ confidence: 0.99 });
  const rewritten = lines.map((line) => JSON.stringify({ _id: 1, ...JSON.parse(line) })).join('\n');
  expect(await detect(rewritten)).toMatchObject({ confidence: 0.95 });
  expect((await detect(text.replaceAll('"action": "', '"action": "x')))?.confidence).toBeLessThan(0.7);
  const padded = { ...log[0]?.event, additional_data: { pad: 'x'.repeat(100_000) } };
  expect((await detect(JSON.stringify(padded)))?.confidence).toBeLessThan(0.5);
  for (const other of ['', 'hello', '{"a":1}\n', '{"hash":"x","prev_hash":"y"}\n', '\u0000'.repeat(1000)]) {
    expect(await detect(other)).toBeNull();
  }
});

test('gives up on a file of millions of lines that are no records, before they fill the memory', async () => {
  const junk = Buffer.from('x\n'.repeat(1 << 18));
  const source: Source = {
    name: 'junk.txt',
    kind: 'file',
    files: [
      {
        name: 'junk.txt',
        bytes: 100 * junk.length,
        async *open() {
          yield Buffer.from(text);
          for (let i = 0; i < 100; i += 1) yield junk;
        },
      },
    ],
  };
  await expect(verify(source)).rejects.toMatchObject({ code: 'audit.format_mismatch' });
});
