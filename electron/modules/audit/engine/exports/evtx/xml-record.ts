// One event of a Windows log in XML: as wevtutil and Event Viewer write it, and as PowerShell's Export-Clixml does.
import sax from 'sax';

/** Deeper than any event; a parser must not be led further down. */
const MAX_DEPTH = 128;
const MAX_VALUES = 2_000;

/**
 * What an event says, by `parent/element` and `element/@attribute` (names without prefixes), and by `[name]` for elements
 * that carry a name (`<Data Name="…">`, `<S N="…">`). Of several under one name the first counts.
 */
export type XmlValues = ReadonlyMap<string, string>;

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * The texts and attributes of one element and all in it. Entities other than XML's own five and numbers are errors, and
 * so is a document type. A text says what is wrong.
 */
export const xmlValues = (text: string): XmlValues | string => {
  const values = new Map<string, string>();
  const names: string[] = [];
  const labels: (string | null)[] = [];
  const state: { problem: string | null; text: string } = { problem: null, text: '' };
  const parser = sax.parser(true, { position: false });
  const fail = (problem: string): void => {
    state.problem ??= problem;
  };
  const add = (name: string, value: string): void => {
    if (values.size < MAX_VALUES && !values.has(name)) values.set(name, value);
  };
  const onopentag = (tag: sax.Tag): void => {
    const name = local(tag.name);
    const label = tag.attributes['N'] ?? tag.attributes['Name'];
    names.push(name);
    labels.push(label === undefined ? null : `[${label}]`);
    if (names.length > MAX_DEPTH) fail('it is nested too deeply');
    state.text = '';
    for (const attribute in tag.attributes)
      add(`${name}/@${local(attribute)}`, tag.attributes[attribute] ?? '');
  };
  const take = (piece: string): void => {
    state.text += piece;
  };
  const onclosetag = (): void => {
    const value = state.text.trim();
    const name = names.pop() ?? '';
    const label = labels.pop() ?? null;
    if (value !== '') {
      add(`${names.at(-1) ?? ''}/${name}`, value);
      if (label !== null) add(label, value);
    }
    state.text = '';
  };
  // The first error is kept by the parser, and ends it at the next piece.
  const onerror = (): void => fail('its XML is broken');
  const ondoctype = (): void => fail('it holds a document type, which is not read');
  Object.assign(parser, { onopentag, onclosetag, ontext: take, oncdata: take, onerror, ondoctype });
  try {
    // In pieces, so that a record that goes wrong early is not parsed to its end.
    for (let at = 0; at < text.length && state.problem === null; at += 65_536)
      parser.write(text.slice(at, at + 65_536));
    if (state.problem === null) parser.close();
  } catch {
    fail('its XML is broken');
  }
  return state.problem ?? values;
};
