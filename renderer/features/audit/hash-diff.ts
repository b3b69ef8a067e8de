// Where two hashes (or other short texts) differ, character by character.

export interface DiffPiece {
  readonly text: string;
  readonly isDifferent: boolean;
}

export interface TextDiff {
  readonly left: readonly DiffPiece[];
  readonly right: readonly DiffPiece[];
  /** Characters of the longer text that have no equal at their place. */
  readonly different: number;
  /** Length of the longer text. */
  readonly length: number;
}

const HEX = /^[0-9a-f]+$/iu;

/** Two digests, or two texts neither of which is one: only then does a mark say anything. */
export const isComparable = (a: string, b: string): boolean =>
  HEX.test(a) && HEX.test(b) ? a.length === b.length : !HEX.test(a) && !HEX.test(b);

const piecesOf = (
  characters: readonly string[],
  isDifferent: (at: number) => boolean,
): readonly DiffPiece[] => {
  const pieces: { text: string; isDifferent: boolean }[] = [];
  for (const [at, character] of characters.entries()) {
    const last = pieces.at(-1);
    if (last?.isDifferent === isDifferent(at)) last.text += character;
    else pieces.push({ text: character, isDifferent: isDifferent(at) });
  }
  return pieces;
};

/** Place by place when both are equally long; else what is left between the common beginning and the common end. */
export const diffText = (a: string, b: string): TextDiff => {
  const left = [...a];
  const right = [...b];
  const length = Math.max(left.length, right.length);
  if (left.length === right.length) {
    const differs = (at: number): boolean => left[at] !== right[at];
    const different = left.filter((_, at) => differs(at)).length;
    return { left: piecesOf(left, differs), right: piecesOf(right, differs), different, length };
  }
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1;
  const inside = (size: number) => (at: number) => at >= head && at < size - tail;
  return {
    left: piecesOf(left, inside(left.length)),
    right: piecesOf(right, inside(right.length)),
    different: length - head - tail,
    length,
  };
};
