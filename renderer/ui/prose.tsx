// A sentence in which backticks mark code.

export const Prose = ({ text }: { readonly text: string }) => (
  <>
    {text.split('`').map((part, at) =>
      at % 2 === 0 ? (
        part
      ) : (
        // The parts of a sentence never change their places.
        // oxlint-disable-next-line react/no-array-index-key -- see above
        <code key={at} className="mono">
          {part}
        </code>
      ),
    )}
  </>
);
