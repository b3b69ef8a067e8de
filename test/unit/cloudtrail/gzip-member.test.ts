// One gzip member is inflated exactly, whatever stands after it, however it was cut, and however much it would become.
import { createHash, randomBytes } from 'node:crypto';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordCounter } from '../../../electron/modules/audit/engine/cloudtrail/count-records.ts';
import { gzipHeaderLength } from '../../../electron/modules/audit/engine/cloudtrail/gzip-header.ts';
import { inflateObject } from '../../../electron/modules/audit/engine/cloudtrail/gzip-member.ts';
import type { Inflated } from '../../../electron/modules/audit/engine/cloudtrail/gzip-member.ts';
import { sourceOf } from '../../fixtures/cloudtrail/generate.ts';

const MIB = 1024 * 1024;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const inflate = async (stored: Uint8Array, maxBytes = 512 * MIB): Promise<Inflated & { content: Buffer }> => {
  const [file] = sourceOf(new Map([['x.json.gz', stored]])).files;
  if (file === undefined) throw new RangeError('no file');
  const pieces: Uint8Array[] = [];
  const inflated = await inflateObject(file, {
    maxBytes,
    signal: new AbortController().signal,
    onData: (piece) => pieces.push(Buffer.from(piece)),
  });
  return { ...inflated, content: Buffer.concat(pieces) };
};
/** Small enough for one call; and too large for it, so that the stream is used. */
const sizes = [
  ['in one call', 5000],
  ['as a stream', 3 * MIB],
] as const;

describe.each(sizes)('a gzip member %s', (_, bytes) => {
  const content = randomBytes(bytes);
  const stored = gzipSync(content);

  it('gives its content and hashes', async () => {
    expect(await inflate(stored)).toEqual({
      storedSha256: sha256(stored),
      storedBytes: stored.length,
      sha256: sha256(content),
      inflatedBytes: bytes,
      trailing: 0,
      plain: false,
      problem: null,
      content,
    });
  });

  it.each([
    ['one byte', Buffer.of(0)],
    ['eight bytes', Buffer.alloc(8)],
    ['a second member', gzipSync('more')],
    ['the same again', stored],
  ])('counts what was appended: %s', async (_name, more) => {
    const result = await inflate(Buffer.concat([stored, more]));
    expect([result.trailing, result.sha256, result.problem]).toEqual([more.length, sha256(content), null]);
  });

  it('cut anywhere is truncated', async () => {
    for (const length of [
      0,
      1,
      2,
      9,
      10,
      11,
      100,
      Math.floor(stored.length / 2),
      stored.length - 9,
      stored.length - 8,
      stored.length - 1,
    ]) {
      const result = await inflate(stored.subarray(0, length));
      expect([length, result.problem, result.sha256]).toEqual([length, 'truncated', null]);
    }
  });

  it('with a wrong checksum or size is corrupt', async () => {
    for (const at of [stored.length - 8, stored.length - 1]) {
      const changed = Buffer.from(stored);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect((await inflate(changed)).problem).toBe('corrupt');
    }
  });

  it('that is JSON text already is taken as it is', async () => {
    const text = Buffer.from(`{"a":"${'x'.repeat(bytes)}"}`);
    const result = await inflate(text);
    expect([result.plain, result.sha256, result.problem, result.content.equals(text)]).toEqual([
      true,
      sha256(text),
      null,
      true,
    ]);
  });

  it('of another kind is refused', async () => {
    expect((await inflate(Buffer.alloc(bytes, 'PK'))).problem).toBe('not-gzip');
    expect(
      (await inflate(Buffer.concat([stored.subarray(0, 2), Buffer.of(7), stored.subarray(3)]))).problem,
    ).toBe('not-gzip');
  });
});

describe('gzip', () => {
  it('a bomb is given up at the cap', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MIB));
    expect(bomb.length).toBeLessThan(MIB);
    const result = await inflate(bomb, 20 * MIB);
    expect([result.problem, result.sha256]).toEqual(['too-large', null]);
    expect(result.content.length).toBeLessThanOrEqual(20 * MIB);
    expect(result.storedSha256).toBe(sha256(bomb));
    expect((await inflate(bomb)).inflatedBytes).toBe(64 * MIB);
  });

  it('headers with name, comment, extra field and checksum are skipped as RFC 1952 says', async () => {
    const body = gzipSync('{"Records":[]}').subarray(10);
    const header = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3]),
      Buffer.from([3, 0, 1, 2, 3]),
      Buffer.from('name\0comment\0'),
      Buffer.from([0, 0]),
    ]);
    expect(gzipHeaderLength(header)).toBe(header.length);
    expect((await inflate(Buffer.concat([header, body]))).content.toString()).toBe('{"Records":[]}');
    for (let length = 0; length < header.length; length += 1)
      expect(gzipHeaderLength(header.subarray(0, length))).toBe(0);
  });

  it('agrees with zlib on any content and level', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3000 }),
        fc.integer({ min: 0, max: 9 }),
        fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_HUFFMAN_ONLY, constants.Z_FIXED),
        async (bytes, level, strategy) => {
          const stored = gzipSync(bytes, { level, strategy });
          const result = await inflate(stored);
          return (
            result.problem === null &&
            result.content.equals(gunzipSync(stored)) &&
            result.sha256 === sha256(bytes)
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never crashes on damaged input, and never gives a hash for other content without saying so', async () => {
    const stored = gzipSync(Buffer.from(`{"Records":[${'{"a":1},'.repeat(200)}{}]}`));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(stored.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(40),
        async (edits, cut) => {
          const changed = Buffer.from(stored.subarray(0, stored.length - cut));
          for (const [at, value] of edits) if (at < changed.length) changed[at] = value;
          const result = await inflate(changed);
          return result.problem === null
            ? result.sha256 !== null
            : result.sha256 === null || result.problem === 'corrupt';
        },
      ),
      { numRuns: 400 },
    );
  });

  it('stops when cancelled', async () => {
    const [file] = sourceOf(new Map([['x', gzipSync(randomBytes(3 * MIB))]])).files;
    const controller = new AbortController();
    controller.abort();
    await expect(
      file === undefined ? null : inflateObject(file, { maxBytes: MIB, signal: controller.signal }),
    ).rejects.toEqual(expect.objectContaining({ code: 'job.cancelled' }));
  });
});

describe('counting events', () => {
  const countOf = (pieces: readonly Uint8Array[]): number => {
    const counter = new RecordCounter();
    for (const piece of pieces) counter.push(piece);
    return counter.count;
  };
  it('agrees with JSON.parse on any document, cut anywhere', () => {
    const records = fc.array(fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())), {
      maxLength: 6,
    });
    const document = fc.record(
      { a: fc.jsonValue(), Records: fc.oneof(records, fc.jsonValue()), z: fc.jsonValue() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(document, fc.constantFrom(undefined, 1), fc.nat(), (value, indent, cut) => {
        const text = Buffer.from(JSON.stringify(value, null, indent));
        const expected = Array.isArray(value.Records)
          ? value.Records.filter((each) => typeof each === 'object' && each !== null && !Array.isArray(each))
              .length
          : 0;
        const at = cut % (text.length + 1);
        return (
          countOf([text]) === expected && countOf([text.subarray(0, at), text.subarray(at)]) === expected
        );
      }),
      { numRuns: 500 },
    );
  });
  it('is not led astray by text that looks like structure', () => {
    expect(
      countOf([
        Buffer.from(
          String.raw`{"Recordsx":[{}],"xRecords":[{}],"v":"Records","w":[{}],"Records":[{"a":"{[\"Records\":[{"},{"Records":[{},{}]}]}`,
        ),
      ]),
    ).toBe(2);
  });
});
