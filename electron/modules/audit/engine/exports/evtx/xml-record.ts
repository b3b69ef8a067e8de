// One event of a Windows log in XML: as wevtutil and Event Viewer write it, and as PowerShell's Export-Clixml does.
import sax from 'sax';

/** Deeper than any event; a parser must not be led further down. */
const MAX_DEPTH = 128;
const MAX_VALUES = 2_000;

export interface XmlValue {
  /** Names of the elements from the outermost inwards, without prefixes, joined by `/`; attributes as `…/@Name`. */
  readonly path: string;
  readonly value: string;
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * The texts and attributes of one element and all in it, in order. Entities other than XML's own five and numbers are
 * errors, and so is a document type. A text says what is wrong. Elements with `N="…"` or `Name="…"` go by that name too.
 */
export const xmlValues = (text: string): XmlValue[] | string => {
  const values: XmlValue[] = [];
  const path: string[] = [];
  const state: { problem: string | null; text: string } = { problem: null, text: '' };
  const parser = sax.parser(true, { position: false });
  const fail = (problem: string): void => {
    state.problem ??= problem;
  };
  const add = (at: string, value: string): void => {
    if (values.length < MAX_VALUES) values.push({ path: at, value });
  };
  const onopentag = (tag: sax.Tag): void => {
    const named = tag.attributes['N'] ?? tag.attributes['Name'];
    path.push(local(tag.name) + (named !== undefined && tag.name !== 'Provider' ? `[${named}]` : ''));
    if (path.length > MAX_DEPTH) fail('it is nested too deeply');
    state.text = '';
    for (const [name, value] of Object.entries(tag.attributes))
      add(`${path.join('/')}/@${local(name)}`, value);
  };
  const take = (piece: string): void => {
    state.text += piece;
  };
  const onclosetag = (): void => {
    const value = state.text.trim();
    if (value !== '') add(path.join('/'), value);
    state.text = '';
    path.pop();
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
