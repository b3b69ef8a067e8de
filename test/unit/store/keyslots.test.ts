// Key slots: the same work for right and wrong, nothing changed unnoticed, nothing hostile believed.
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../../shared/errors/app-error.ts';
import { argon2Kdf, DEFAULT_KDF, KDF_CEILING, KDF_FLOOR } from '../../../electron/store/kdf.ts';
import type { Kdf, KdfInput } from '../../../electron/store/kdf.ts';
import { parseKeyslots } from '../../../electron/store/keyslot-file.ts';
import type { KeyslotFile } from '../../../electron/store/keyslot-file.ts';
import {
  addRecoverySlot,
  createKeyslots,
  deriveSlotKeys,
  openKeyslots,
} from '../../../electron/store/keyslots.ts';

const AT = '2026-11-21T09:30:00.000Z';
const PASSPHRASE = 'blue Horse 7 staples';

// The slots' own logic is tested with a derivation that costs nothing; Argon2id itself has a test of its own below.
const calls: KdfInput[] = [];
const quickKdf: Kdf = async (input) => {
  calls.push({ ...input, passphrase: Uint8Array.from(input.passphrase) });
  const { hash } = await import('node:crypto');
  return Uint8Array.from(hash('sha256', Buffer.concat([input.passphrase, input.salt]), 'buffer'));
};

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const make = (): Promise<{ file: KeyslotFile; root: Buffer }> =>
  createKeyslots({ passphrase: PASSPHRASE, parameters: KDF_FLOOR, at: AT }, quickKdf);
const open = async (file: KeyslotFile, secret: string): Promise<Buffer> =>
  openKeyslots(file, await deriveSlotKeys(file, secret, quickKdf));

describe('key slots', () => {
  let file: KeyslotFile;
  let root: Buffer;
  beforeAll(async () => {
    ({ file, root } = await make());
  });

  it('give the root key for the passphrase, in either Unicode spelling', async () => {
    expect(root).toHaveLength(32);
    expect(await open(file, PASSPHRASE)).toEqual(root);
    const accented = await createKeyslots(
      { passphrase: 'Café au lait 12', parameters: KDF_FLOOR, at: AT },
      quickKdf,
    );
    expect(await open(accented.file, 'Cafe\u0301 au lait 12')).toEqual(accented.root);
  });

  it('give nothing for any other passphrase', async () => {
    await expect(open(file, 'blue horse 7 staples')).rejects.toThrow(code('workspace.wrong_passphrase'));
    await expect(open(file, '')).rejects.toThrow(code('workspace.wrong_passphrase'));
  });

  it('do the same derivations for a right passphrase, a wrong one and a recovery key', async () => {
    const added = addRecoverySlot(file, root, AT);
    const costs = async (secret: string): Promise<unknown> => {
      calls.length = 0;
      await open(added.file, secret).catch(() => {});
      return calls.map(({ memoryKiB, iterations, parallelism, salt }) => ({
        memoryKiB,
        iterations,
        parallelism,
        salt,
      }));
    };
    const right = await costs(PASSPHRASE);
    expect(right).toHaveLength(1);
    expect(await costs('something else entirely')).toEqual(right);
    expect(await costs(added.recoveryKey)).toEqual(right);
  });

  it('have a new root, salt and workspace each time', async () => {
    const other = await make();
    expect(other.root).not.toEqual(root);
    expect(other.file.workspace).not.toBe(file.workspace);
    expect(other.file.slots[0]?.kdf.salt).not.toBe(file.slots[0]?.kdf.salt);
  });

  it('open with the recovery key as well, and still with the passphrase', async () => {
    const added = addRecoverySlot(file, root, AT);
    const read = parseKeyslots(JSON.stringify(added.file));
    expect(await open(read, added.recoveryKey)).toEqual(root);
    expect(await open(read, added.recoveryKey.toLowerCase().replaceAll('-', ' '))).toEqual(root);
    expect(await open(read, PASSPHRASE)).toEqual(root);
    expect(JSON.stringify(read)).not.toContain(added.recoveryKey.slice(0, 9));
  });

  it('notice a slot that was added or taken away', async () => {
    const added = addRecoverySlot(file, root, AT).file;
    await expect(open({ ...added, slots: added.slots.slice(0, 1) }, PASSPHRASE)).rejects.toThrow(
      code('workspace.damaged'),
    );
    await expect(open({ ...file, slots: added.slots }, PASSPHRASE)).rejects.toThrow(
      code('workspace.damaged'),
    );
  });

  it('notice every changed parameter of a slot', async () => {
    const [slot] = file.slots;
    if (slot?.type !== 'passphrase') throw new Error('the first slot is a passphrase slot');
    const changes: Partial<typeof slot>[] = [
      { createdAt: '2026-11-21T09:30:00.001Z' },
      { id: `slot_${'0'.repeat(32)}` },
      { kdf: { ...slot.kdf, memoryKiB: slot.kdf.memoryKiB + 1 } },
      { kdf: { ...slot.kdf, iterations: slot.kdf.iterations + 1 } },
      { kdf: { ...slot.kdf, parallelism: 2 } },
      { kdf: { ...slot.kdf, salt: 'AAAAAAAAAAAAAAAAAAAAAA' } },
    ];
    for (const change of changes) {
      await expect(open({ ...file, slots: [{ ...slot, ...change }] }, PASSPHRASE)).rejects.toThrow(
        code('workspace.wrong_passphrase'),
      );
    }
    await expect(open({ ...file, workspace: 'f'.repeat(32) }, PASSPHRASE)).rejects.toThrow(
      code('workspace.wrong_passphrase'),
    );
  });

  describe('as a file', () => {
    type Json = Record<string, unknown>;
    const changed = (change: (json: Json, slot: Json, kdf: Json) => void): string => {
      const json = JSON.parse(JSON.stringify(file)) as Json;
      const slot = (json['slots'] as Json[])[0] ?? {};
      change(json, slot, slot['kdf'] as Json);
      return JSON.stringify(json);
    };

    it('read back as written', () => {
      expect(parseKeyslots(JSON.stringify(file, null, 2))).toEqual(file);
    });

    it.each([
      ['memoryKiB', KDF_FLOOR.memoryKiB - 1],
      ['memoryKiB', 0],
      ['iterations', 2],
      ['parallelism', 0],
    ])('are refused when %s was lowered to %i', (name, value) => {
      expect(() => parseKeyslots(changed((_json, _slot, kdf) => (kdf[name] = value)))).toThrow(
        code('workspace.kdf_floor'),
      );
    });

    it.each([
      ['memoryKiB', KDF_CEILING.memoryKiB + 1],
      ['memoryKiB', 100 * 1024 * 1024],
      ['iterations', 1_000_000],
      ['parallelism', 255],
      ['memoryKiB', -1],
      ['memoryKiB', 65536.5],
      ['memoryKiB', '131072'],
      ['name', 'pbkdf2'],
      ['version', 16],
      ['salt', 'AA'],
    ])('are refused when %s is %s', (name, value) => {
      expect(() => parseKeyslots(changed((_json, _slot, kdf) => (kdf[name] = value)))).toThrow(
        code('workspace.damaged'),
      );
    });

    it('hold as many slots of the usual cost as a file may have, but not as many of the highest', () => {
      const many = (kdf: object): string =>
        changed((json, slot) => {
          json['slots'] = Array.from({ length: 32 }, () => ({
            ...slot,
            kdf: { ...(slot['kdf'] as object), ...kdf },
          }));
        });
      expect(parseKeyslots(many(DEFAULT_KDF)).slots).toHaveLength(32);
      expect(() => parseKeyslots(many(KDF_CEILING))).toThrow(code('workspace.damaged'));
    });

    it('are refused as newer when their version is', () => {
      const text = changed((json) => (json['version'] = 2));
      expect(() => parseKeyslots(text)).toThrow(
        expect.objectContaining({ code: 'workspace.newer', params: { found: 2, known: 1 } }),
      );
    });

    it('are refused when a part is missing, added or repeated without end', () => {
      const texts = [
        '',
        '{',
        'null',
        '[]',
        '{"format":"probity-keyslots"}',
        changed((json) => delete json['mac']),
        changed((json) => (json['slots'] = [])),
        changed((json, slot) => (json['slots'] = Array.from({ length: 33 }, () => slot))),
        changed((_json, slot) => delete slot['wrapped']),
        changed((_json, slot) => (slot['extra'] = 1)),
        changed((_json, slot) => (slot['type'] = 'plain')),
      ];
      for (const text of texts) expect(() => parseKeyslots(text)).toThrow(code('workspace.damaged'));
    });

    it('end in an outcome, never a crash, for any text (fuzz)', () => {
      const known = ['workspace.damaged', 'workspace.newer', 'workspace.kdf_floor'];
      const text = JSON.stringify(file);
      const mutated = fc
        .tuple(fc.nat(text.length - 1), fc.nat(20), fc.string({ maxLength: 6 }))
        .map(([at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut));
      const swapped = fc
        .tuple(fc.constantFrom('format', 'version', 'workspace', 'createdAt', 'slots', 'mac'), fc.jsonValue())
        .map(([name, value]) => JSON.stringify({ ...file, [name]: value }));
      fc.assert(
        fc.property(fc.oneof(mutated, swapped, fc.json(), fc.string()), (input) => {
          try {
            parseKeyslots(input);
          } catch (error) {
            expect(isAppError(error) && known.includes(error.code)).toBe(true);
          }
        }),
        { numRuns: 2000 },
      );
    });

    it('never open after a change of one character that still parses', async () => {
      const text = JSON.stringify(file);
      await fc.assert(
        fc.asyncProperty(
          fc.nat(text.length - 1),
          fc.constantFrom(...'0123456789abcdefAB_-'),
          async (at, letter) => {
            const next = text.slice(0, at) + letter + text.slice(at + 1);
            let read: KeyslotFile;
            try {
              read = parseKeyslots(next);
            } catch {
              return;
            }
            const opened = await open(read, PASSPHRASE).catch((error: unknown) =>
              isAppError(error) ? error.code : 'bug',
            );
            if (next === text) expect(opened).toEqual(root);
            else expect(['workspace.wrong_passphrase', 'workspace.damaged']).toContain(opened);
          },
        ),
        { numRuns: 300 },
      );
    });
  });
});

describe('the key derivation', () => {
  it('is Argon2id version 0x13 as its reference implementation computes it', async () => {
    // phc-winner-argon2, src/test.c: "password", "somesalt", t=2, m=64 MiB, p=1, version 0x13.
    const key = await argon2Kdf({
      passphrase: Buffer.from('password'),
      salt: Buffer.from('somesalt'),
      memoryKiB: 65536,
      iterations: 2,
      parallelism: 1,
    });
    expect(Buffer.from(key).toString('hex')).toBe(
      '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7',
    );
  });

  it('asks for 128 MiB and three passes by default, within its own bounds', () => {
    expect(DEFAULT_KDF).toEqual({ memoryKiB: 131072, iterations: 3, parallelism: 1 });
    expect(KDF_FLOOR).toEqual({ memoryKiB: 65536, iterations: 3, parallelism: 1 });
    expect(KDF_CEILING.memoryKiB).toBeGreaterThan(DEFAULT_KDF.memoryKiB);
  });
});
