// Writes the tag files of a bag (RFC 8493): declaration, bag-info and manifests, LF only, UTF-8, sorted.

export const BAGIT_TXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** RFC 8493 section 2.2.2 recommends at most 79 characters a line. */
const LINE_LENGTH = 79;

/**
 * A value for one bag-info element. Control and line-breaking characters of user text become spaces, so that no text
 * can start an element of its own; runs of white space become one space, because folding does not keep them.
 */
export const cleanValue = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Noncharacter_Code_Point}\uFEFF]/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();

/** One element, folded at spaces: continuation lines start with a space (RFC 8493 section 2.2.2). */
export const bagInfoElement = (label: string, value: string): string => {
  const lines: string[] = [];
  let line = `${label}:`;
  let breakable = false;
  for (const word of cleanValue(value).split(' ')) {
    if (breakable && line.length + 1 + word.length > LINE_LENGTH) {
      lines.push(line);
      line = '';
    }
    line += ` ${word}`;
    breakable = true;
  }
  return `${[...lines, line].join('\n')}\n`;
};

/** `bag-info.txt` of elements in the given order. */
export const bagInfo = (elements: readonly (readonly [label: string, value: string])[]): string =>
  elements.map(([label, value]) => bagInfoElement(label, value)).join('');

export interface ManifestEntry {
  readonly path: string;
  /** Lower-case hex. */
  readonly digest: string;
}

export const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/**
 * A manifest as `sha256sum` writes it: digest, two spaces, path, LF. Paths must come from {@link isPayloadName} or be
 * tag file names: nothing is escaped here, because nothing needs to be.
 */
export const manifest = (entries: readonly ManifestEntry[]): string =>
  entries
    .toSorted(byPath)
    .map(({ digest, path }) => `${digest}  ${path}\n`)
    .join('');
