// Reads what a source file reaches for: every form of import, and the globals that open connections.
import { parseSync } from 'vite';

export interface Reach {
  /** As written; `<computed>` where it isn't a plain text. */
  readonly specifier: string;
  /** Erased before anything runs. */
  readonly typeOnly: boolean;
}

export interface FileReach {
  readonly imports: readonly Reach[];
  /** Called or constructed global functions that reach the network. */
  readonly networkGlobals: readonly string[];
}

type Node = Readonly<Record<string, unknown>>;

const NETWORK_GLOBALS: ReadonlySet<string> = new Set([
  'fetch',
  'WebSocket',
  'EventSource',
  'XMLHttpRequest',
  'WebTransport',
  'RTCPeerConnection',
]);

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const child = (node: Node, name: string): Node => (isNode(node[name]) ? node[name] : {});
const list = (node: Node, name: string): readonly Node[] =>
  Array.isArray(node[name]) ? node[name].filter(isNode) : [];
const literal = (node: Node): string =>
  node['type'] === 'Literal' && typeof node['value'] === 'string' ? node['value'] : '<computed>';

const allTypes = (node: Node): boolean => {
  const specifiers = list(node, 'specifiers');
  return (
    specifiers.length > 0 &&
    specifiers.every((one) => one['importKind'] === 'type' || one['exportKind'] === 'type')
  );
};

/** `import.meta.url`, as the second argument of `new URL()`: how workers and assets are named. */
const isImportMeta = (node: Node): boolean => child(node, 'object')['type'] === 'MetaProperty';

const reachOf = (node: Node): Reach | null => {
  const value = (specifier: string): Reach => ({ specifier, typeOnly: false });
  const args = list(node, 'arguments');
  const callee = child(node, 'callee');
  switch (node['type']) {
    case 'ImportDeclaration':
      return {
        specifier: literal(child(node, 'source')),
        typeOnly: node['importKind'] === 'type' || allTypes(node),
      };
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      if (!isNode(node['source'])) return null;
      return {
        specifier: literal(node['source']),
        typeOnly: node['exportKind'] === 'type' || allTypes(node),
      };
    case 'ImportExpression':
      return value(literal(child(node, 'source')));
    case 'TSImportType':
      return {
        specifier: literal(isNode(node['source']) ? node['source'] : child(node, 'argument')),
        typeOnly: true,
      };
    case 'TSExternalModuleReference':
      return value(literal(child(node, 'expression')));
    case 'CallExpression':
      if (
        callee['name'] === 'require' ||
        (child(callee, 'property')['name'] === 'resolve' && isImportMeta(callee))
      )
        return value(literal(args[0] ?? {}));
      return null;
    case 'NewExpression':
      if (callee['name'] !== 'URL' || !isImportMeta(args[1] ?? {})) return null;
      return value(literal(args[0] ?? {}));
    default:
      return null;
  }
};

/** @throws Error when the file can't be parsed: a file that isn't understood must not pass as one without imports. */
export const readReach = (path: string, source: string): FileReach => {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const imports: Reach[] = [];
  const networkGlobals: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value) || Array.isArray(value)) return;
    const reach = reachOf(value);
    if (reach !== null) imports.push(reach);
    const name = child(value, 'callee')['name'];
    if (typeof name === 'string' && NETWORK_GLOBALS.has(name)) networkGlobals.push(name);
    Object.values(value).forEach(visit);
  };
  visit(program);
  return { imports, networkGlobals };
};
