// A record number as people type it: `80`, ` 1,204 `, `1 204`.

/** @param total Number of records; null where it isn't known. @returns null for anything but a whole number below it. */
export const readIndex = (text: string, total: number | null): number | null => {
  const digits = text.trim().replaceAll(/(?<=\d)[\s,'’_](?=\d{3}(?:\D|$))/gu, '');
  if (!/^\d{1,15}$/u.test(digits)) return null;
  const index = Number(digits);
  return total !== null && index >= total ? null : index;
};
