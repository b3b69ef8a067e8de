// Reads payload and tag manifests (RFC 8493 section 2.1.3), tolerant enough to go on and strict enough to tell why not.
import { unsafePath } from './unsafe-path.ts';
import { invalid, notStrict, type Finding } from './finding.ts';
import { collisionKey, isPayloadName } from '../names.ts';

/** Hex digits of the digest algorithms that a manifest may name; all of them are in every crypto library. */
export const DIGEST_LENGTH: Readonly<Record<string, number>> = {
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
};

export interface ParsedManifest {
  /** Lower-case hex by path; the first line wins where a path occurs twice. */
  readonly entries: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** RFC 8493 section 2.1.3: only CR, LF and the percent sign are written as %XX, and only these are read back. */
const decodePath = (path: string): string =>
  path.replaceAll(/%(0a|0d|25)/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Digest, white space, an asterisk that md5sum writes for binary mode, path. */
const LINE = /^([0-9A-Fa-f]+)[ \t]+(\*?)(.+)$/u;

interface Kind {
  readonly of: 'payload' | 'tag';
  readonly algorithm: string;
  /** BagIt before 1.0 let a file be listed twice with the same digest. */
  readonly beforeOne: boolean;
}

const NOT_ALLOWED =
  'a listed path is none that EP-1 allows (A-Z a-z 0-9 . _ - and /, no Windows device, at most 200 characters)';

const pathFindings = (path: string, written: string, of: Kind['of']): Finding[] => {
  const unsafe = unsafePath(path);
  if (unsafe !== null) return [invalid(`a listed path holds ${unsafe}`, written)];
  if (of === 'payload' && !path.startsWith('data/'))
    return [invalid('a payload manifest lists a file outside data/', written)];
  if (of === 'tag' && path.startsWith('data/'))
    return [invalid('a tag manifest lists a payload file', written)];
  return isPayloadName(path) ? [] : [notStrict(NOT_ALLOWED, written)];
};

/** The lines of a manifest and whether each is written as EP-1 wants it: LF only, the last one ended too. */
const linesOf = (text: string): { readonly lines: readonly string[]; readonly findings: Finding[] } => {
  const findings: Finding[] = [];
  if (text.startsWith('\uFEFF')) findings.push(invalid('it starts with a byte order mark'));
  if (text.includes('\r')) findings.push(notStrict('its lines do not end in LF alone'));
  if (text !== '' && !text.endsWith('\n')) findings.push(notStrict('its last line is not ended'));
  const lines = text.replace(/^\uFEFF/u, '').split(/\r\n|\r|\n/u);
  if (lines.at(-1) === '') lines.pop();
  return { lines, findings };
};

/** @param text of the decoded manifest. */
export const parseManifest = (text: string, kind: Kind): ParsedManifest => {
  const entries = new Map<string, string>();
  const { lines, findings } = linesOf(text);
  const keys = new Set<string>();
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') {
      findings.push(notStrict(`line ${i + 1} is empty`));
      continue;
    }
    const [, hex, star, written] = LINE.exec(line) ?? [];
    if (hex === undefined || written === undefined || hex.length !== DIGEST_LENGTH[kind.algorithm]) {
      findings.push(invalid(`line ${i + 1} is not a ${kind.algorithm} digest and a path`));
      continue;
    }
    // "./" in front is what some md5sum calls write; BagIt readers drop it.
    const path = decodePath(written.replace(/^(?:\.\/)+/u, ''));
    if (line !== `${hex.toLowerCase()}  ${written}` || star !== '' || path !== written) {
      findings.push(notStrict(`line ${i + 1} is not written as sha256sum writes it`, written));
    }
    findings.push(...pathFindings(path, written, kind.of));
    const before = entries.get(path);
    if (before !== undefined) {
      findings.push(
        (kind.beforeOne && before === hex.toLowerCase() ? notStrict : invalid)(
          'a file is listed twice',
          written,
        ),
      );
      continue;
    }
    if (keys.has(collisionKey(path)))
      findings.push(notStrict('two listed names differ only in case or in the form of a letter', written));
    keys.add(collisionKey(path));
    entries.set(path, hex.toLowerCase());
  }
  return { entries, findings };
};
