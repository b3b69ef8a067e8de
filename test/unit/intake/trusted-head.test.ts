// A trusted head is found in whatever a person pastes or chooses, and nothing else is taken for one.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTrustedHeads } from '../../../electron/modules/audit/engine/trusted-head.ts';
import { isAppError } from '../../../shared/errors/app-error.ts';

const A = 'a1'.repeat(32);
const B = '0f'.repeat(32);
const grouped = A.replaceAll(/(.{8})/gu, '$1 ');

describe('trusted heads', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['plain', A, [A]],
    ['upper case, with white space around', `  ${A.toUpperCase()}\r\n`, [A]],
    ['with its algorithm', `sha256:${A}`, [A]],
    ['with its algorithm, another way', `SHA-256: ${A}`, [A]],
    ['with 0x', `0x${A}`, [A]],
    ['as sha256sum prints it', `${A}  digest.json.gz\n${B} *other\n`, [A, B]],
    ['as BSD prints it', `SHA256 (log.jsonl) = ${A}`, [A]],
    ['with a label', `Head: ${A}`, [A]],
    ['in a letter', `Dear auditor,\n\nthe head is\n${A}\nKind regards`, [A]],
    ['in groups, from print', `${grouped}\n`, [A]],
    ['broken over two lines, from print', `${A.slice(0, 32)}\n${A.slice(32)}`, [A]],
    ['twice', `${A}\n${A.toUpperCase()}`, [A]],
    ['in JSON', JSON.stringify({ head: A }), [A]],
    [
      'in a chain record',
      JSON.stringify({ event_id: 'x', event_hash: B, chain_hash: A, previous_hash: B }),
      [A],
    ],
    [
      'in several chain records',
      `${JSON.stringify({ chain_hash: A })}\n${JSON.stringify({ chain_hash: B })}`,
      [A, B],
    ],
    ['deeper in JSON', JSON.stringify({ log: { checkpoint: [{ head_chain_hash: `sha256:${A}` }] } }), [A]],
    ['in a JSON list', JSON.stringify([A, B]), [A, B]],
    ['as a JSON string', JSON.stringify(A), [A]],
    ['with a byte order mark', `\uFEFF${A}`, [A]],
    ['a longer digest (SHA-512) alone', A + B, [A + B]],
    ['a cut digest alone', A.slice(0, 16), [A.slice(0, 16)]],
  ])('%s', (_, text, heads) => {
    expect(parseTrustedHeads(text)).toEqual(heads);
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n\t'],
    ['a short digest', A.slice(1)],
    ['hex of a length that no digest has', A + A.slice(1)],
    ['a word', 'intact'],
    ['64 letters that are not hexadecimal', 'g'.repeat(64)],
    ['JSON without a head', JSON.stringify({ event_hash: A })],
    ['JSON whose head is no digest', JSON.stringify({ head: 'abc' })],
    ['more text than a head file has', `${A}\n`.repeat(20_000)],
  ])('refuses %s', (_, text) => {
    expect(() => parseTrustedHeads(text)).toThrow(expect.objectContaining({ code: 'audit.head_invalid' }));
  });

  it('answers or refuses any text, and what it gives are digests', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .array(fc.constantFrom(A, ' ', '\n', ':', '{', '"', 'head', '0x', 'sha256:', '\\'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (each) => {
        try {
          return parseTrustedHeads(each).every((head) =>
            /^(?:[0-9a-f]{16}){1,8}$|^[0-9a-f]{40}$/u.test(head),
          );
        } catch (error) {
          return isAppError(error) && error.code === 'audit.head_invalid';
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is quick on long lines', () => {
    expect(() => parseTrustedHeads(`${'a'.repeat(900_000)} `)).toThrow();
    expect(() => parseTrustedHeads('a1 '.repeat(300_000))).toThrow();
    expect(() => parseTrustedHeads('['.repeat(900_000))).toThrow();
  }, 10_000);
});
