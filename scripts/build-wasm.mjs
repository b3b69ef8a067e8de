// node scripts/build-wasm.mjs: compiles the canonicaliser's AssemblyScript and keeps the module as a TypeScript file.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'electron/modules/audit/engine/guardian/wasm');

/** The text of canonical-module.ts for the source as it stands. */
export const compileModule = () => {
  const scratch = mkdtempSync(join(tmpdir(), 'probity-wasm-'));
  try {
    const out = join(scratch, 'canonical.wasm');
    const options =
      '-O3 --noAssert --converge --runtime stub --enable simd --initialMemory 48 --maximumMemory 48';
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/assemblyscript/bin/asc.js'),
        'canonical.as.ts',
        ...options.split(' '),
        '-o',
        out,
      ],
      { cwd: folder, stdio: 'inherit', env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
    );
    const lines = readFileSync(out)
      .toString('base64')
      .match(/.{1,100}/gu);
    return [
      '// Made by scripts/build-wasm.mjs from the AssemblyScript beside it; a test compiles it again and compares.',
      '/** The module as base64. */',
      'export const CANONICAL_WASM =',
      `  ${lines.map((line) => `'${line}'`).join(' +\n  ')};`,
      '',
    ].join('\n');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(join(folder, 'canonical-module.ts'), compileModule());
