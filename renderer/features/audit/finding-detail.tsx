// One finding under the lens: what it means, where it is, and the two values that disagree.
import { FINDING_TEXT } from '../../../shared/model/verdict-text.ts';
import type { Finding, RecordView } from '../../../shared/model/verdict.ts';
import { LinkButton } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { Badge } from '../../ui/marks.tsx';
import { KeyValueList } from '../../ui/panels.tsx';
import { VerdictBadge } from '../../ui/verdict-badge.tsx';
import { CompareTexts } from './compare-texts.tsx';
import { findingTone, itemWord, placeOf, type StripUnit } from './finding-words.ts';
import { AUDIT_TEXT } from './text.ts';

export interface FindingDetailProps {
  readonly finding: Finding;
  readonly unit: StripUnit;
  readonly onRecord: (index: number) => void;
  /** The record that is open beneath: what it shows anyway is left out. */
  readonly record?: RecordView | undefined;
}

export const FindingDetail = ({ finding, unit, onRecord, record }: FindingDetailProps) => {
  const { title, meaning } = FINDING_TEXT[finding.kind];
  const place = placeOf(finding, unit);
  const { ofIndex } = finding;
  const isHere = record !== undefined && record.index === finding.index && (finding.count ?? 1) === 1;
  // The two hashes of a check stand beneath already.
  const shown = new Set(record?.checks.flatMap(({ stored, recomputed }) => [stored, recomputed]));
  const isShown = [finding.expected, finding.actual].every(
    (value) => value === undefined || shown.has(value),
  );
  const items = [
    {
      id: 'place',
      label: AUDIT_TEXT.place,
      value: place === '' ? AUDIT_TEXT.wholeLog : place,
      when: !isHere,
    },
    {
      id: 'file',
      label: AUDIT_TEXT.file,
      value: <span className="mono">{finding.path}</span>,
      when: finding.path !== undefined && !isHere,
    },
    {
      id: 'between',
      label: AUDIT_TEXT.between,
      value:
        finding.between === undefined ? '' : AUDIT_TEXT.betweenValue(finding.between[0], finding.between[1]),
      when: finding.between !== undefined,
    },
    {
      id: 'of',
      label: AUDIT_TEXT.refersTo,
      value:
        ofIndex === undefined ? (
          ''
        ) : (
          <LinkButton onPress={() => onRecord(ofIndex)}>
            {AUDIT_TEXT.recordOf(itemWord(unit), formatCount(ofIndex))}
          </LinkButton>
        ),
      when: ofIndex !== undefined,
    },
  ].filter(({ when }) => when);
  return (
    <div className="finding-block" data-tone={findingTone(finding)}>
      <h4>
        {title}
        {finding.verdict === undefined ? (
          <Badge>{AUDIT_TEXT.remark}</Badge>
        ) : (
          <VerdictBadge verdict={finding.verdict} />
        )}
      </h4>
      <p>{finding.message}</p>
      <p className="muted">{meaning}</p>
      {items.length === 0 ? null : <KeyValueList items={items} />}
      {isShown ? null : (
        <CompareTexts
          left={{ label: AUDIT_TEXT.expected, value: finding.expected ?? null, what: 'expected value' }}
          right={{ label: AUDIT_TEXT.actual, value: finding.actual ?? null, what: 'value found' }}
        />
      )}
    </div>
  );
};
