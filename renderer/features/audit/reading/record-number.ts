// A record's number as people type it: digits, perhaps grouped.

/** null when it is no number from 0 to the last record. */
export const readRecordNumber = (text: string, rows: number): number | null => {
  const digits = text.trim().replaceAll(/[\s,.'_\u{a0}\u{202f}]/gu, '');
  if (!/^\d{1,15}$/u.test(digits)) return null;
  const row = Number(digits);
  return row < rows ? row : null;
};
