// Who may import what (architecture.md section 2), checked over every source file; and the checker itself is checked.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circleIn, judgeImports, roomOf, TYPE_EXCEPTIONS } from '../support/boundaries.ts';
import { readReach } from '../support/imports.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const sources = (): ReadonlyMap<string, string> => {
  const files = new Map<string, string>();
  for (const top of ['shared', 'electron', 'renderer']) {
    for (const entry of readdirSync(join(ROOT, top), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(?:ts|tsx|mts|cts|js|jsx|mjs|cjs)$/u.test(entry.name)) continue;
      // AssemblyScript is another language: it becomes a WebAssembly module whose only import is one function.
      if (entry.name.endsWith('.as.ts')) continue;
      const path = join(entry.parentPath, entry.name);
      files.set(relative(ROOT, path).split(sep).join('/'), readFileSync(path, 'utf8'));
    }
  }
  return files;
};

describe("the product's imports", () => {
  const files = sources();
  const judged = judgeImports(files);

  it('keep to the table', () => {
    expect(judged.violations.map(({ file, imports, why }) => `${file} → ${imports}: ${why}`)).toEqual([]);
  });

  it('need every exception that is made', () => {
    expect(TYPE_EXCEPTIONS.filter((_exception, index) => !judged.usedExceptions.has(index))).toEqual([]);
  });

  it('were really read: files of every environment and many imports', () => {
    expect(judged.files).toBe(files.size);
    expect(judged.files).toBeGreaterThan(100);
    expect(judged.imports).toBeGreaterThan(300);
    const rooms = new Set([...files.keys()].map((file) => roomOf(file)?.split(':')[0]));
    expect([...rooms]).toEqual(
      expect.arrayContaining([
        'shared',
        'main',
        'preload',
        'shell',
        'gateway',
        'store',
        'jobs',
        'journal',
        'ports',
        'module',
        'renderer-ui',
        'renderer-bridge',
        'feature',
      ]),
    );
  });
});

/** One file of its own among others that it names. */
const judgeOne = (file: string, source: string): readonly string[] =>
  judgeImports(new Map([[file, source]])).violations.map(({ why }) => why);

describe('the checker', () => {
  it.each([
    ['shared/model/x.ts', "import 'node:fs';"],
    ['shared/model/x.ts', "import { app } from 'electron';"],
    ['shared/model/x.ts', "import React from 'react';"],
    ['shared/model/x.ts', "import type { Vault } from '../../electron/store/vault.ts';"],
    ['shared/model/x.ts', "export * from '../../renderer/ui/button.tsx';"],
    ['electron/preload.ts', "import '../shared/model/job.ts';"],
    ['electron/preload.ts', "import { readFileSync } from 'node:fs';"],
    ['electron/preload.ts', "import './ports/host.ts';"],
    ['electron/shell/x.ts', "import '../modules/audit/public.ts';"],
    ['electron/shell/x.ts', "import type { Vault } from '../store/vault.ts';"],
    ['electron/shell/x.ts', "const y = await import('../store/vault.ts');"],
    ['electron/shell/x.ts', "import '../workbench.ts';"],
    ['electron/gateway/x.ts', "import { app } from 'electron';"],
    ['electron/gateway/x.ts', "import '../modules/audit/public.ts';"],
    ['electron/gateway/x.ts', "import { openVault } from '../store/vault.ts';"],
    ['electron/gateway/x.ts', "import '../shell/ipc.ts';"],
    ['electron/modules/audit/x.ts', "import type { App } from 'electron';"],
    ['electron/modules/audit/x.ts', "import { Handler } from '../../gateway/operation-context.ts';"],
    ['electron/modules/audit/x.ts', "import type { G } from '../../gateway/gateway.ts';"],
    ['electron/modules/audit/x.ts', "import '../evidence/service.ts';"],
    ['electron/modules/audit/engine/x.ts', "import type { B } from '../../evidence/engine/build-input.ts';"],
    ['electron/modules/audit/x.ts', "import Database from 'better-sqlite3';"],
    ['electron/modules/audit/x.ts', "import '../../cli.ts';"],
    ['electron/store/x.ts', "import '../modules/audit/public.ts';"],
    ['electron/store/x.ts', "import { app } from 'electron/main';"],
    ['electron/jobs/x.ts', "import { verify } from '../modules/audit/engine/format.ts';"],
    ['electron/ports/x.ts', "import '../gateway/gateway.ts';"],
    ['electron/workbench.ts', "import { app } from 'electron';"],
    ['electron/workbench.ts', "import './shell/ipc.ts';"],
    ['electron/new-room/x.ts', 'export const x = 1;'],
    ['electron/store/x.ts', "import { request } from 'node:https';"],
    ['electron/store/x.ts', "import net from 'node:net';"],
    ['electron/store/x.ts', "import { exec } from 'node:child_process';"],
    ['electron/store/x.ts', "import vm from 'node:vm';"],
    ['electron/store/x.ts', "import fs from 'fs';"],
    ['electron/store/x.ts', "await fetch('https://example.com');"],
    ['electron/store/x.ts', "new WebSocket('wss://example.com');"],
    ['electron/store/x.ts', "import 'left-pad';"],
    ['electron/store/x.ts', 'await import(name);'],
    ['electron/store/x.ts', "const fs = require('fs');"],
    ['electron/store/x.ts', "import m = require('../modules/audit/public.ts');"],
    ['electron/store/x.ts', "type A = import('../modules/audit/public.ts').A;"],
    ['electron/store/x.ts', "new URL('../modules/audit/worker.ts', import.meta.url);"],
    ['electron/store/x.ts', "import.meta.resolve('../modules/audit/public.ts');"],
    ['electron/store/x.ts', "import '../../test/support/app.ts';"],
    ['renderer/features/audit/x.tsx', "import '../cases/list.tsx';"],
    ['renderer/features/audit/x.tsx', "import '../../app/app.tsx';"],
    ['renderer/features/audit/x.tsx', "import { readFileSync } from 'node:fs';"],
    ['renderer/features/audit/x.tsx', "import type { Vault } from '../../../electron/store/vault.ts';"],
    ['renderer/features/audit/x.tsx', "import { ipcRenderer } from 'electron';"],
    ['renderer/ui/x.tsx', "import '../bridge/provider.tsx';"],
    ['renderer/ui/x.tsx', "import '../state/ui-store.ts';"],
    ['renderer/ui/x.tsx', "import '../features/audit/x.tsx';"],
    ['renderer/ui/x.tsx', "import { create } from 'zustand';"],
    ['renderer/bridge/x.ts', "fetch('https://example.com');"],
  ])('catches in %s: %s', (file, source) => {
    expect(judgeOne(file, source)).toHaveLength(1);
  });

  it.each([
    ['shared/model/x.ts', "import * as v from 'valibot'; import './ids.ts';"],
    ['electron/preload.ts', "import { ipcRenderer } from 'electron'; import '../shared/contract/bridge.ts';"],
    [
      'electron/main.ts',
      "import { app } from 'electron'; const c = await import('./cli.ts'); import './shell/ipc.ts';",
    ],
    [
      'electron/shell/x.ts',
      "import { app } from 'electron'; import 'node:fs'; import '../ports/host.ts'; import '../../shared/contract/bridge.ts';",
    ],
    [
      'electron/workbench.ts',
      "import './modules/audit/public.ts'; import './modules/audit/handlers.ts'; import type { W } from './shell/workbench-port.ts';",
    ],
    [
      'electron/modules/audit/x.ts',
      "import type { Handler } from '../../gateway/operation-context.ts'; import '../evidence/public.ts'; import './engine/format.ts';",
    ],
    [
      'electron/store/x.ts',
      "import Database from 'better-sqlite3'; import '../ports/clock.ts'; import 'node:worker_threads';",
    ],
    ['electron/jobs/x.ts', "import type { V } from '../modules/audit/engine/format.ts';"],
    [
      'renderer/features/audit/x.tsx',
      "import './x.css'; import '../../ui/button.tsx'; import '../../../shared/model/job.ts'; import { useState } from 'react';",
    ],
    ['renderer/main.tsx', "import './app/app.tsx'; import { createRoot } from 'react-dom/client';"],
    [
      'electron/store/x.ts',
      "// import 'electron'\nconst text = \"import 'electron'\"; const other = `await import('electron')`;",
    ],
    ['test/x.ts', "import { app } from 'electron';"],
  ])('lets pass in %s: %s', (file, source) => {
    expect(judgeOne(file, source)).toEqual([]);
  });

  it('sees circles of values among the low rooms, and lets circles of types be', () => {
    const circle = (second: string) =>
      circleIn(
        new Map([
          ['electron/store/a.ts', "import '../journal/b.ts';"],
          ['electron/journal/b.ts', "import '../jobs/c.ts';"],
          ['electron/jobs/c.ts', second],
        ]),
      );
    expect(circle("import '../store/a.ts';")).toBe('store > journal > jobs > store');
    expect(circle("import type { A } from '../store/a.ts';")).toBeNull();
    expect(circle("import { type A, b } from '../store/a.ts';")).not.toBeNull();
  });

  it('fails on a file that it can not read, instead of finding nothing in it', () => {
    expect(() => readReach('x.ts', 'import { from')).toThrow('x.ts');
  });
});
