// A strict reader of the HTML that reports are made of: it accepts less than a browser, so what it accepts is plain.

export interface Node {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (Node | string)[];
}

/** Elements without content: HTML's own, and SVG shapes, which must be closed by `/>`. */
const VOID = new Set(['meta', 'br', 'wbr']);
const SHAPES = new Set(['rect', 'path', 'circle']);
const ENTITY: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

const decode = (text: string): string =>
  text.replaceAll(/&([^;]*);|&/gu, (whole, name: string | undefined) => {
    const character = name === undefined ? undefined : ENTITY[name];
    if (character === undefined) throw new Error(`a bare ampersand or unknown entity: ${whole}`);
    return character;
  });

const ATTRIBUTE = /\s+([a-zA-Z][a-zA-Z-]*)="([^"<>]*)"/uy;

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: (Node | string)[];
}

/** Reads a document; throws at anything that is not balanced, quoted and escaped. */
export const readHtml = (text: string): Node => {
  const doctype = '<!doctype html>\n';
  if (!text.startsWith(doctype)) throw new Error('no doctype');
  const root: Open = { name: '#document', attributes: new Map(), children: [] };
  const stack: Open[] = [root];
  let at = doctype.length;
  const top = (): Open => stack.at(-1) ?? root;
  while (at < text.length) {
    if (text[at] !== '<') {
      const end = text.indexOf('<', at);
      const run = text.slice(at, end === -1 ? text.length : end);
      if (top().name !== 'style' && run.includes('>'))
        throw new Error(`an unescaped > in ${run.slice(0, 60)}`);
      top().children.push(top().name === 'style' ? run : decode(run));
      at += run.length;
      continue;
    }
    const tag = /^<(\/?)([a-z][a-z0-9]*)/u.exec(text.slice(at, at + 40));
    if (tag === null) throw new Error(`not a tag: ${text.slice(at, at + 40)}`);
    const name = tag[2] ?? '';
    at += tag[0].length;
    if (tag[1] === '/') {
      while (text[at] === '\n' || text[at] === ' ') at += 1;
      if (text[at] !== '>') throw new Error(`an end tag with more than its name: ${name}`);
      const closed = stack.pop();
      if (closed === undefined || closed.name !== name || closed === root)
        throw new Error(`</${name}> closes <${closed?.name}>`);
      top().children.push(closed);
      at += 1;
      continue;
    }
    const attributes = new Map<string, string>();
    for (;;) {
      ATTRIBUTE.lastIndex = at;
      const attribute = ATTRIBUTE.exec(text);
      if (attribute === null) break;
      const key = attribute[1] ?? '';
      if (attributes.has(key)) throw new Error(`${key} twice`);
      attributes.set(key, decode(attribute[2] ?? ''));
      at = ATTRIBUTE.lastIndex;
    }
    const end = /^\s*(\/)?>/u.exec(text.slice(at, at + 80));
    if (end === null) throw new Error(`not the end of a tag: ${text.slice(at, at + 40)}`);
    at += end[0].length;
    const node: Open = { name, attributes, children: [] };
    const isShape = SHAPES.has(name);
    if (isShape !== (end[1] !== undefined) && !VOID.has(name))
      throw new Error(`<${name}> is closed in the wrong way`);
    if (VOID.has(name) || isShape) top().children.push(node);
    else stack.push(node);
  }
  if (stack.length !== 1) throw new Error(`<${top().name}> is never closed`);
  return root;
};

export const elements = (node: Node): Node[] =>
  node.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...elements(child)]));

export const named = (node: Node, ...names: readonly string[]): Node[] =>
  elements(node).filter(({ name }) => names.includes(name));

/** All text, as it stands; a browser drops the line feed that opens a `<pre>`. */
export const textOf = (node: Node): string => {
  const text = node.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
  return node.name === 'pre' && text.startsWith('\n') ? text.slice(1) : text;
};

/** All text as a reader takes it in: white space collapsed. */
export const said = (node: Node): string => textOf(node).replaceAll(/\s+/gu, ' ').trim();

export const byId = (document: Node, id: string): Node => {
  const found = elements(document).find((node) => node.attributes.get('id') === id);
  if (found === undefined) throw new Error(`no element has the id ${id}`);
  return found;
};

/** What the section with this id says. */
export const sectionText = (document: Node, id: string): string => said(byId(document, id));

/** What the cover says. */
export const coverText = (html: string): string => {
  const [header] = named(readHtml(html), 'header');
  if (header === undefined) throw new Error('no cover');
  return said(header);
};
