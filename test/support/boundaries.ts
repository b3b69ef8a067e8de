// The table of architecture.md section 2 as rules: who may import what.
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { readReach } from './imports.ts';

export interface Violation {
  readonly file: string;
  readonly imports: string;
  readonly why: string;
}

/** The room that a file lies in, e.g. `shell`, `module:audit`, `feature:cases`; null outside the product's code. */
export const roomOf = (path: string): string | null => {
  const parts = path.split('/');
  const [top = '', second = '', third = ''] = parts;
  if (top === 'shared') return 'shared';
  if (top === 'electron') {
    if (parts.length === 2)
      return second === 'preload.ts' ? 'preload' : second === 'main.ts' ? 'main' : 'assembly';
    // cli/ is the rest of cli.ts.
    if (second === 'cli') return 'assembly';
    return second === 'modules' ? `module:${third}` : second;
  }
  if (top === 'renderer') {
    if (parts.length === 2) return 'renderer-entry';
    return second === 'features' ? `feature:${third}` : `renderer-${second}`;
  }
  return null;
};

interface Rule {
  /** Rooms whose files may be imported; a room may always import itself. */
  readonly rooms: readonly string[];
  /** Packages; `node:` stands for Node's own modules less {@link BARRED}. */
  readonly packages: readonly string[];
}

const LOW = ['store', 'jobs', 'journal', 'access', 'ports'];
const ELECTRON_PACKAGES = [
  'node:',
  'valibot',
  '@noble/ciphers',
  '@noble/curves',
  '@noble/hashes',
  '@noble/post-quantum',
  'asn1js',
  'fast-png',
  'hash-wasm',
  'jose',
  'modern-tar',
  'pkijs',
  'qr',
  'sax',
  'yauzl',
  'yazl',
];
const REACT_PACKAGES = ['react', 'react-dom', 'react-aria-components', 'lucide-react'];
const DATA_PACKAGES = ['@tanstack/react-query', '@tanstack/react-virtual', 'zustand', 'valibot'];

const RULES: Readonly<Record<string, Rule>> = {
  shared: { rooms: [], packages: ['valibot', '@noble/ciphers', '@noble/hashes'] },
  preload: { rooms: ['shared/contract'], packages: ['electron'] },
  main: { rooms: ['shell', 'assembly'], packages: ['electron', 'node:'] },
  shell: { rooms: ['gateway', 'access', 'ports', 'shared'], packages: ['electron', 'node:', 'valibot'] },
  assembly: {
    rooms: ['gateway', ...LOW, 'shared', 'module', 'shell/workbench-port.ts'],
    packages: ELECTRON_PACKAGES,
  },
  gateway: { rooms: ['access', 'journal', 'ports', 'shared'], packages: ELECTRON_PACKAGES },
  module: { rooms: ['shared', 'store', 'jobs', 'journal', 'ports'], packages: ELECTRON_PACKAGES },
  store: { rooms: [...LOW, 'shared'], packages: [...ELECTRON_PACKAGES, 'better-sqlite3'] },
  jobs: { rooms: [...LOW, 'shared'], packages: ELECTRON_PACKAGES },
  journal: { rooms: [...LOW, 'shared'], packages: ELECTRON_PACKAGES },
  access: { rooms: [...LOW, 'shared'], packages: ELECTRON_PACKAGES },
  ports: { rooms: [...LOW, 'shared'], packages: ELECTRON_PACKAGES },
  feature: {
    rooms: ['renderer-bridge', 'renderer-ui', 'renderer-state', 'shared'],
    packages: [...REACT_PACKAGES, ...DATA_PACKAGES],
  },
  'renderer-ui': { rooms: ['shared'], packages: [...REACT_PACKAGES, '@tanstack/react-virtual'] },
  'renderer-bridge': {
    rooms: ['renderer-ui', 'renderer-state', 'shared'],
    packages: [...REACT_PACKAGES, ...DATA_PACKAGES],
  },
  'renderer-state': { rooms: ['renderer-bridge', 'shared'], packages: [...REACT_PACKAGES, ...DATA_PACKAGES] },
  'renderer-app': {
    rooms: ['feature', 'renderer-bridge', 'renderer-ui', 'renderer-state', 'shared'],
    packages: [...REACT_PACKAGES, ...DATA_PACKAGES],
  },
  'renderer-entry': {
    rooms: ['renderer-app', 'renderer-bridge', 'renderer-ui', 'renderer-state', 'shared'],
    packages: [...REACT_PACKAGES, ...DATA_PACKAGES],
  },
};

/** Node's modules that open connections, start programs or run text as code: no part of Probity needs them. */
const BARRED: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:cluster',
  'node:dgram',
  'node:dns',
  'node:dns/promises',
  'node:http',
  'node:http2',
  'node:https',
  'node:inspector',
  'node:inspector/promises',
  'node:net',
  'node:repl',
  'node:tls',
  'node:vm',
  'node:wasi',
]);

/** Types that cross a border on purpose; nothing of them is left at run time. `from` and `to` are path prefixes. */
export const TYPE_EXCEPTIONS: readonly {
  readonly from: string;
  readonly to: string;
  readonly why: string;
}[] = [
  {
    from: 'electron/modules/',
    to: 'electron/gateway/operation-context.ts',
    why: 'handlers are declared with the type that the gateway calls them by',
  },
  { from: 'electron/gateway/', to: 'electron/store/vault.ts', why: 'a handler gets the vault' },
  {
    from: 'electron/jobs/',
    to: 'electron/modules/',
    why: 'the list of job kinds names what each engine takes and gives',
  },
];

/** The one file that asks a server, and only while developing. */
const MAY_FETCH: ReadonlySet<string> = new Set(['electron/shell/app-protocol.ts']);

const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(specifier);

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** The path that a relative import means, or null for a package. Vite's ?suffixes name a way of loading, not another file. */
const targetOf = (file: string, specifier: string): string | null =>
  specifier.startsWith('.')
    ? posix.normalize(posix.join(posix.dirname(file), specifier.replace(/\?.*$/su, '')))
    : null;

const ruleOf = (room: string): Rule | undefined => RULES[room] ?? RULES[room.split(':')[0] ?? ''];

const judgePackage = (rule: Rule, specifier: string): string | null => {
  if (isBuiltin(specifier)) {
    if (!specifier.startsWith('node:')) return 'Node modules are named with node:';
    if (BARRED.has(specifier)) return 'no part of Probity opens connections, starts programs or runs text';
    return rule.packages.includes('node:') ? null : 'this room runs without Node';
  }
  return rule.packages.includes(packageOf(specifier)) ? null : 'this package is not for this room';
};

const judgeTarget = (room: string, rule: Rule, target: string): string | null => {
  const to = roomOf(target);
  if (to === null) return 'it lies outside the product';
  if (to === room) return null;
  if (room.startsWith('module:') && to.startsWith('module:')) {
    return target.endsWith('/public.ts') ? null : 'modules meet only through public.ts';
  }
  const kind = to.split(':')[0] ?? '';
  const allowed = rule.rooms.some(
    (one) => one === to || one === kind || target === `electron/${one}` || target.startsWith(`${one}/`),
  );
  return allowed ? null : `${room} may not import ${to}`;
};

const isStyle = (specifier: string): boolean => /\.(?:css|svg|woff2|png)(?:\?.*)?$/u.test(specifier);

/** Value imports between the low rooms, as `a > b`. */
const edgesOf = (files: ReadonlyMap<string, string>): ReadonlyMap<string, ReadonlySet<string>> => {
  const edges = new Map<string, Set<string>>();
  for (const [file, source] of files) {
    const from = roomOf(file);
    if (from === null || !LOW.includes(from)) continue;
    for (const { specifier, typeOnly } of readReach(file, source).imports) {
      const to = roomOf(targetOf(file, specifier) ?? '');
      if (typeOnly || to === null || to === from || !LOW.includes(to)) continue;
      edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
  }
  return edges;
};

/** A circle among the low rooms as a path, or null. */
export const circleIn = (files: ReadonlyMap<string, string>): string | null => {
  const edges = edgesOf(files);
  const walk = (room: string, path: readonly string[]): string | null => {
    if (path.includes(room)) return [...path.slice(path.indexOf(room)), room].join(' > ');
    for (const next of edges.get(room) ?? []) {
      const found = walk(next, [...path, room]);
      if (found !== null) return found;
    }
    return null;
  };
  return LOW.map((room) => walk(room, [])).find((found) => found !== null) ?? null;
};

export interface Judged {
  readonly violations: readonly Violation[];
  /** Entries of {@link TYPE_EXCEPTIONS} that something needs. */
  readonly usedExceptions: ReadonlySet<number>;
  readonly files: number;
  readonly imports: number;
}

/** Judges all product files among `files` (path from the project's root → source text). */
export const judgeImports = (files: ReadonlyMap<string, string>): Judged => {
  const violations: Violation[] = [];
  const usedExceptions = new Set<number>();
  let read = 0;
  let imports = 0;
  for (const [file, source] of files) {
    const room = roomOf(file);
    if (room === null) continue;
    read += 1;
    const rule = ruleOf(room);
    if (rule === undefined) {
      violations.push({ file, imports: '', why: `the room ${room} has no rule` });
      continue;
    }
    const reach = readReach(file, source);
    for (const name of reach.networkGlobals) {
      if (!MAY_FETCH.has(file))
        violations.push({ file, imports: name, why: 'no part of Probity opens connections' });
    }
    for (const { specifier, typeOnly } of reach.imports) {
      imports += 1;
      if (specifier === '<computed>') {
        violations.push({ file, imports: specifier, why: 'an import must name its file' });
        continue;
      }
      const target = targetOf(file, specifier);
      if (target !== null && isStyle(specifier) && file.startsWith('renderer/')) continue;
      const why = target === null ? judgePackage(rule, specifier) : judgeTarget(room, rule, target);
      if (why === null) continue;
      const exception = typeOnly
        ? TYPE_EXCEPTIONS.findIndex(({ from, to }) => file.startsWith(from) && (target ?? '').startsWith(to))
        : -1;
      if (exception < 0) violations.push({ file, imports: specifier, why });
      else usedExceptions.add(exception);
    }
  }
  const circle = circleIn(files);
  if (circle !== null)
    violations.push({
      file: 'electron/',
      imports: circle,
      why: 'the low rooms import each other in a circle',
    });
  return { violations, usedExceptions, files: read, imports };
};
