// Two hashes one over the other, with the characters marked that differ.
import { CopyButton } from '../../ui/marks.tsx';
import { formatCount } from '../../ui/format.ts';
import { diffText, isComparable, type DiffPiece } from './hash-diff.ts';
import { AUDIT_TEXT } from './text.ts';

/** Digests break at half their length, so that their lines stand over each other. */
const DIGEST = /^[0-9a-f]{64,}$/iu;

const Pieces = ({ pieces }: { readonly pieces: readonly DiffPiece[] }) =>
  pieces.map((piece, at) =>
    // oxlint-disable-next-line react/no-array-index-key -- the pieces of one fixed text, in order
    piece.isDifferent ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>,
  );

interface Side {
  readonly label: string;
  readonly value: string | null;
  /** For the copy button. */
  readonly what: string;
}

const Row = ({
  side,
  pieces,
}: {
  readonly side: Side;
  readonly pieces: readonly DiffPiece[] | undefined;
}) => (
  <div className="compare-row">
    <dt>{side.label}</dt>
    {side.value === null ? (
      <dd className="muted">{AUDIT_TEXT.absent}</dd>
    ) : (
      <dd>
        <span className="compare-text mono" data-digest={DIGEST.test(side.value) ? '' : undefined}>
          {pieces === undefined ? side.value : <Pieces pieces={pieces} />}
        </span>
        <CopyButton value={side.value} label={side.what} />
      </dd>
    )}
  </div>
);

export interface CompareTextsProps {
  readonly left: Side;
  readonly right: Side;
}

export const CompareTexts = ({ left, right }: CompareTextsProps) => {
  const isMarked =
    left.value !== null &&
    right.value !== null &&
    left.value !== right.value &&
    isComparable(left.value, right.value);
  const diff = isMarked ? diffText(left.value ?? '', right.value ?? '') : undefined;
  return (
    <>
      <dl className="compare">
        <Row side={left} pieces={diff?.left} />
        <Row side={right} pieces={diff?.right} />
      </dl>
      {diff === undefined ? null : (
        <p className="audit-hint">
          {AUDIT_TEXT.differing(formatCount(diff.different), formatCount(diff.length))}
        </p>
      )}
    </>
  );
};
