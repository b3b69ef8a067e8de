// Reads bag-info.txt (RFC 8493 section 2.2.2): elements that may repeat, folded lines, and what EP-1 says with them.
import { invalid, notStrict, type Finding } from './finding.ts';

export interface BagInfo {
  /** Values in file order by label in lower case; labels are case-insensitive. */
  readonly elements: ReadonlyMap<string, readonly string[]>;
  readonly findings: readonly Finding[];
}

/** Labels whose meaning hangs on there being one: a second one could say the opposite to another reader. */
const SINGLE = [
  'Payload-Oxum',
  'External-Identifier',
  'Bagging-Date',
  'Audit-Log-Head',
  'EP-Version',
  'Expected-Signatures',
  'Completeness',
] as const;

/** @param text of the decoded file. */
export const parseBagInfo = (text: string): BagInfo => {
  const elements = new Map<string, string[]>();
  const findings: Finding[] = [];
  if (text.startsWith('\uFEFF')) findings.push(invalid('it starts with a byte order mark'));
  if (text.includes('\r')) findings.push(notStrict('its lines do not end in LF alone'));
  if (/[^\P{Cc}\n\r\t]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(text))
    findings.push(notStrict('it holds control characters'));
  const lines = text.replace(/^\uFEFF/u, '').split(/\r\n|\r|\n/u);
  let last: string[] | null = null;
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') {
      if (line !== '' || i !== lines.length - 1) findings.push(notStrict(`line ${i + 1} is empty`));
      continue;
    }
    if (/^[ \t]/u.test(line) && last !== null) {
      const before = last.pop() ?? '';
      last.push(`${before} ${line.trim()}`.trim());
      continue;
    }
    const [, label, gap, value] = /^([^:\s][^:]*?)([ \t]*):[ \t]*(.*)$/u.exec(line) ?? [];
    if (label === undefined || value === undefined) {
      findings.push(invalid(`line ${i + 1} is not "label: value"`));
      continue;
    }
    if (gap !== '') findings.push(notStrict(`line ${i + 1} has white space before the colon`));
    const key = label.toLowerCase();
    last = elements.get(key) ?? [];
    last.push(value.trim());
    elements.set(key, last);
  }
  for (const label of SINGLE) {
    if ((elements.get(label.toLowerCase())?.length ?? 0) > 1)
      findings.push(notStrict(`${label} occurs more than once`));
  }
  return { elements, findings };
};

/** The one value of an element, or null. Where it repeats, which is a finding, the first. */
export const valueOf = (info: BagInfo | null, label: string): string | null =>
  info?.elements.get(label.toLowerCase())?.[0] ?? null;

/** What EP-1 wants of bag-info beyond BagIt. */
export const packInfoFindings = (info: BagInfo): Finding[] => {
  const findings: Finding[] = [];
  const check = (label: string, pattern: RegExp, wanted: string) => {
    const value = valueOf(info, label);
    if (value !== null && !pattern.test(value)) findings.push(notStrict(`${label} is not ${wanted}`));
  };
  check('EP-Version', /^1$/u, '1, the only version this program knows');
  check('Completeness', /^(?:complete|partial)$/u, '"complete" or "partial"');
  check('Bagging-Date', /^\d{4}-\d\d-\d\d$/u, 'a date like 2026-11-20');
  check('Audit-Log-Head', /^[0-9a-f]{64}$/u, 'a SHA-256 digest');
  const missing = [...info.elements.keys()].filter((label) => label.startsWith('missing')).length;
  const completeness = valueOf(info, 'Completeness');
  if (completeness === 'partial' && missing === 0)
    findings.push(notStrict('the pack is partial, but does not say what is missing'));
  if (completeness === 'complete' && missing > 0)
    findings.push(notStrict('the pack says that it is complete and that something is missing'));
  return findings;
};
