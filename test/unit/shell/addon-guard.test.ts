// The native addon is loaded only when it is the file that was packed.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkAddon } from '../../../electron/shell/addon-guard.ts';
import { type Baked, flavourOf, readBaked } from '../../../electron/shell/baked.ts';

const FILE = 'node_modules/better-sqlite3/prebuilds/linux-x64.node';
const content = Buffer.from('a native addon');
let root = '';
let app = '';
let baked: Baked;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'probity-addon-'));
  app = join(root, 'app.asar');
  mkdirSync(app);
  mkdirSync(join(`${app}.unpacked`, FILE, '..'), { recursive: true });
  writeFileSync(join(`${app}.unpacked`, FILE), content);
  baked = {
    flavour: 'release',
    addon: { file: FILE, sha256: createHash('sha256').update(content).digest('hex') },
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('checkAddon', () => {
  it('names the addon that matches', () => {
    expect(checkAddon(app, baked)).toEqual({ ok: true, path: join(`${app}.unpacked`, FILE) });
  });

  it('refuses one flipped bit, wherever it is', () => {
    for (let index = 0; index < content.length; index += 1) {
      const flipped = Buffer.from(content);
      flipped.writeUInt8(flipped.readUInt8(index) ^ 1, index);
      writeFileSync(join(`${app}.unpacked`, FILE), flipped);
      expect(checkAddon(app, baked)).toMatchObject({
        ok: false,
        line: expect.stringContaining('was changed'),
      });
    }
  });

  it('refuses a missing addon and a missing digest', () => {
    rmSync(join(`${app}.unpacked`, FILE));
    expect(checkAddon(app, baked)).toMatchObject({ ok: false, line: expect.stringContaining('missing') });
    expect(checkAddon(app, null)).toMatchObject({
      ok: false,
      line: expect.stringContaining('no recorded digest'),
    });
  });
});

describe('readBaked', () => {
  const write = (text: string): void => writeFileSync(join(app, 'flavour.json'), text);

  it('reads what the pack step wrote', () => {
    write(JSON.stringify(baked));
    expect(readBaked(app)).toEqual(baked);
    expect(flavourOf(true, readBaked(app))).toBe('release');
  });

  it('takes a missing or odd file for a damaged installation, never for a test build', () => {
    expect(readBaked(app)).toBeNull();
    for (const text of [
      '',
      '{}',
      '{"flavour":"test"}',
      JSON.stringify({ ...baked, flavour: 'development' }),
      JSON.stringify({ ...baked, more: 1 }),
    ]) {
      write(text);
      expect(readBaked(app), text).toBeNull();
    }
    expect(flavourOf(true, null)).toBe('release');
    expect(flavourOf(false, null)).toBe('development');
  });
});
