// The chain strip: the whole log as one bar, by colour, pattern and height, with a table that says the same.
import type { Stretch, VerificationReport } from '../../../../shared/model/verdict.ts';
import { html, type SafeHtml } from './html.ts';
import { count, counted, dateText, secondsAfter } from './words.ts';

type State = Stretch['state'];
type Strip = VerificationReport['strip'];

/** Worst first: where several states share a column of the bar, the worst is drawn. */
const BY_RANK: readonly State[] = ['failed', 'uncovered', 'attention', 'unanchored', 'verified'];

export const STATE_TEXT: Readonly<Record<State, string>> = {
  failed: 'Does not verify',
  uncovered: 'Not covered',
  attention: 'Needs attention',
  unanchored: 'Verifies, nothing from outside covers it',
  verified: 'Verifies',
};

/** Width of the bar in its own units: one unit is one column. */
const COLUMNS = 680;
/** One damaged record in a million must still be seen. */
const LEAST_WIDTH = 4;
const HEIGHT = 26;
const TABLE_ROWS = 40;

/**
 * The state of each column. A part of the log that no stretch speaks of counts as not covered, never as good.
 * @param strip Stretches with inclusive `from` and exclusive `to`; a stretch with `to` ≤ `from` stands for one position.
 */
export const columnStates = (strip: Strip): readonly State[] => {
  const ranks = new Uint8Array(COLUMNS).fill(255);
  const span = Math.max(strip.length, 1);
  for (const { from, to, state } of strip.stretches) {
    const first = Math.min(COLUMNS - 1, Math.floor((from / span) * COLUMNS));
    const last = Math.min(
      COLUMNS - 1,
      Math.max(first, Math.ceil((Math.max(to, from + 1) / span) * COLUMNS) - 1),
    );
    const rank = BY_RANK.indexOf(state);
    for (let column = first; column <= last; column += 1)
      ranks[column] = Math.min(ranks[column] ?? 255, rank);
  }
  return Array.from(ranks, (rank) => BY_RANK[rank] ?? 'uncovered');
};

/** Neighbouring columns of one state as one piece. */
const runsOf = (
  states: readonly State[],
): { readonly state: State; readonly from: number; readonly width: number }[] => {
  const runs: { state: State; from: number; width: number }[] = [];
  for (const [column, state] of states.entries()) {
    const last = runs.at(-1);
    if (last?.state === state) last.width += 1;
    else runs.push({ state, from: column, width: 1 });
  }
  return runs;
};

/** Drawn best first, so that a piece that was widened to be seen covers better neighbours and not worse ones. */
const bars = (strip: Strip): SafeHtml[] =>
  runsOf(columnStates(strip))
    .toSorted((a, b) => BY_RANK.indexOf(b.state) - BY_RANK.indexOf(a.state))
    .map(({ state, from, width }) => {
      const wide = state === 'verified' ? width : Math.max(width, LEAST_WIDTH);
      const left = Math.min(from, COLUMNS - wide);
      const top = state === 'failed' ? 0 : 5;
      return html`<rect
        class="s-${state}"
        x="${left}"
        y="${top}"
        width="${wide}"
        height="${state === 'failed' ? HEIGHT + 10 : HEIGHT}"
      />`;
    });

/** The hatchings, drawn once per document. */
const PATTERNS = html`<defs>
  <pattern id="p-attention" width="5" height="5" patternUnits="userSpaceOnUse"
    ><rect class="p-ground" width="5" height="5" /><path class="p-line" d="M0 5 5 0"
  /></pattern>
  <pattern id="p-unanchored" width="5" height="5" patternUnits="userSpaceOnUse"
    ><rect class="p-ground" width="5" height="5" /><circle class="p-dot" cx="2.5" cy="2.5" r="0.9"
  /></pattern>
  <pattern id="p-uncovered" width="5" height="5" patternUnits="userSpaceOnUse"
    ><rect class="p-paper" width="5" height="5" /><path class="p-line" d="M0 0 5 5M5 0 0 5"
  /></pattern>
</defs>`;

const position = (strip: Strip, at: number): string => {
  if (strip.unit === 'record') return count(at);
  const instant = strip.origin === null ? null : secondsAfter(strip.origin, at);
  return instant === null ? `second ${count(at)}` : dateText(instant);
};

/** Worst first, then in order; so that a cut table never hides damage behind good stretches. */
const rowsOf = (strip: Strip): readonly Stretch[] =>
  strip.stretches
    .toSorted((a, b) => BY_RANK.indexOf(a.state) - BY_RANK.indexOf(b.state) || a.from - b.from)
    .slice(0, TABLE_ROWS)
    .toSorted((a, b) => a.from - b.from);

const table = (strip: Strip): SafeHtml => {
  const rows = rowsOf(strip);
  const left = strip.stretches.length - rows.length;
  const last = (to: number, from: number) =>
    strip.unit === 'record' ? Math.max(to - 1, from) : Math.max(to, from);
  return html`<table>
    <caption>
      The stretches of the log and their
      state${left > 0 ? html`; the worst ${rows.length} of ${count(strip.stretches.length)} are listed` : null}
    </caption>
    <thead>
      <tr>
        <th scope="col">${strip.unit === 'record' ? 'From record' : 'From'}</th>
        <th scope="col">${strip.unit === 'record' ? 'To record' : 'To'}</th>
        <th scope="col">State</th>
        <th scope="col">Note</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            <td>${position(strip, row.from)}</td>
            <td>${position(strip, last(row.to, row.from))}</td>
            <td>${STATE_TEXT[row.state]}</td>
            <td>${row.label ?? '–'}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
};

const amountsText = (strip: Strip): string => {
  const states = columnStates(strip);
  const present = BY_RANK.filter((state) => states.includes(state));
  const phrases = present.map((state) => {
    const parts = strip.stretches.filter((stretch) => stretch.state === state).length;
    return parts === 0
      ? 'part of the log: nothing is said about it'
      : `${counted(parts, 'stretch', 'stretches')}: ${STATE_TEXT[state].toLowerCase()}`;
  });
  return phrases.join('; ');
};

/** Figure with its text alternative, key and table. Uses ids `p-…` and `strip-…`: once per document. */
export const chainStrip = (strip: Strip): SafeHtml => {
  if (strip.length === 0 || strip.stretches.length === 0)
    return html`<p>The verification recorded no stretches to draw.</p>`;
  const states = columnStates(strip);
  const whole =
    strip.unit === 'record'
      ? counted(strip.length, 'record')
      : `${position(strip, 0)} to ${position(strip, strip.length)}`;
  return html`<figure>
      <svg
        class="strip"
        role="img"
        aria-labelledby="strip-title"
        viewBox="0 0 ${COLUMNS} 46"
        preserveAspectRatio="none"
      >
        <title id="strip-title">
          The log from its start (left) to its end (right): ${whole}. ${amountsText(strip)}.
        </title>
        ${PATTERNS}
        <g>${bars(strip)}</g>
      </svg>
      <ul class="key">
        ${BY_RANK.filter((state) => states.includes(state)).map(
          (state) =>
            html`<li>
              <svg aria-hidden="true" viewBox="0 0 22 12" width="22" height="12">
                <rect class="s-${state}" x="0.5" y="0.5" width="21" height="11" />
              </svg>
              ${STATE_TEXT[state]}
            </li>`,
        )}
      </ul>
      <figcaption>
        The log from its start (left) to its end (right): ${whole}. A single damaged record is drawn wider
        than it is, so that it can be seen.
      </figcaption>
    </figure>
    ${table(strip)}`;
};
