// One finding under the lens: what it means, where it is, and the two values that disagree.
import { FINDING_TEXT, VERDICT_TEXT } from '../../../shared/model/verdict-text.ts';
import type { Finding } from '../../../shared/model/verdict.ts';
import { LinkButton } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { Badge } from '../../ui/marks.tsx';
import { KeyValueList } from '../../ui/panels.tsx';
import { VerdictBadge } from '../../ui/verdict-badge.tsx';
import { CompareTexts } from './compare-texts.tsx';
import { itemWord, placeOf, type StripUnit } from './finding-words.ts';
import { AUDIT_TEXT } from './text.ts';

export interface FindingDetailProps {
  readonly finding: Finding;
  readonly unit: StripUnit;
  readonly onRecord: (index: number) => void;
  /** Without its heading and place, where the record that it is about is shown anyway. */
  readonly isBrief?: boolean;
}

export const FindingDetail = ({ finding, unit, onRecord, isBrief = false }: FindingDetailProps) => {
  const { title, meaning } = FINDING_TEXT[finding.kind];
  const place = placeOf(finding, unit);
  const { ofIndex } = finding;
  const items = [
    { id: 'place', label: AUDIT_TEXT.place, value: place === '' ? AUDIT_TEXT.wholeLog : place, when: !isBrief },
    { id: 'file', label: AUDIT_TEXT.file, value: <span className="mono">{finding.path}</span>, when: finding.path !== undefined && !isBrief },
    {
      id: 'between',
      label: AUDIT_TEXT.between,
      value: finding.between === undefined ? '' : AUDIT_TEXT.betweenValue(finding.between[0], finding.between[1]),
      when: finding.between !== undefined,
    },
    {
      id: 'of',
      label: AUDIT_TEXT.refersTo,
      value: ofIndex === undefined ? '' : <LinkButton onPress={() => onRecord(ofIndex)}>{AUDIT_TEXT.recordOf(itemWord(unit), formatCount(ofIndex))}</LinkButton>,
      when: ofIndex !== undefined,
    },
    { id: 'verdict', label: AUDIT_TEXT.alone, value: finding.verdict === undefined ? '' : VERDICT_TEXT[finding.verdict].word, when: finding.verdict !== undefined && !isBrief },
  ].filter(({ when }) => when);
  const Heading = isBrief ? 'h5' : 'h3';
  return (
    <div className="lens-part">
      <Heading>
        {title}
        {finding.verdict === undefined ? <Badge>{AUDIT_TEXT.remark}</Badge> : isBrief ? null : <VerdictBadge verdict={finding.verdict} />}
      </Heading>
      <p>{finding.message}</p>
      {isBrief ? null : <p className="muted">{meaning}</p>}
      {items.length === 0 ? null : <KeyValueList items={items} />}
      {finding.expected === undefined && finding.actual === undefined ? null : (
        <CompareTexts
          left={{ label: AUDIT_TEXT.expected, value: finding.expected ?? null, what: 'expected value' }}
          right={{ label: AUDIT_TEXT.actual, value: finding.actual ?? null, what: 'value found' }}
        />
      )}
    </div>
  );
};
