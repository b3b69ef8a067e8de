// The key figures of a verification, and what it did not cover.
import type { ReactNode } from 'react';
import type { VerificationSummary } from '../../../shared/model/audit.ts';
import type { VerificationReport } from '../../../shared/model/verdict.ts';
import { formatBytes, formatCount, formatInstant, formatSeconds } from '../../ui/format.ts';
import { HashText } from '../../ui/marks.tsx';
import { Panel } from '../../ui/panels.tsx';
import { countFindings } from './finding-words.ts';
import { AUDIT_TEXT } from './text.ts';

interface Figure {
  readonly id: string;
  readonly label: string;
  readonly value: ReactNode;
  readonly isLead?: boolean;
}

const figuresOf = (summary: VerificationSummary, report: VerificationReport): readonly Figure[] => {
  const { throughput, source } = report;
  const format = report.dialect === undefined ? report.format : `${report.format} · ${report.dialect}`;
  return [
    { id: 'records', label: AUDIT_TEXT.figureRecords, value: formatCount(report.records), isLead: true },
    {
      id: 'findings',
      label: AUDIT_TEXT.figureFindings,
      value: formatCount(countFindings(summary.findings)),
      isLead: true,
    },
    {
      id: 'anchored',
      label: AUDIT_TEXT.figureAnchored,
      value: report.anchored ? AUDIT_TEXT.yes : AUDIT_TEXT.no,
      isLead: true,
    },
    { id: 'size', label: AUDIT_TEXT.figureSize, value: formatBytes(source.bytes), isLead: true },
    { id: 'time', label: AUDIT_TEXT.figureTime, value: formatSeconds(throughput.seconds), isLead: true },
    ...(throughput.seconds > 0 && throughput.records > 0
      ? [
          {
            id: 'rate',
            label: AUDIT_TEXT.figureRate,
            value: AUDIT_TEXT.perSecond(formatCount(Math.round(throughput.records / throughput.seconds))),
            isLead: true,
          },
        ]
      : []),
    { id: 'format', label: AUDIT_TEXT.figureFormat, value: format },
    {
      id: 'digest',
      label: AUDIT_TEXT.figureDigest,
      value: <HashText value={source.sha256} label="digest of the log" />,
    },
    {
      id: 'head',
      label: AUDIT_TEXT.figureHead,
      value: report.head === null ? AUDIT_TEXT.absent : <HashText value={report.head} label="head" />,
    },
    ...(report.startsAfter === null
      ? []
      : [
          {
            id: 'start',
            label: AUDIT_TEXT.figureStart,
            value: <HashText value={report.startsAfter} label="hash before the first record" />,
          },
        ]),
    ...(report.seal === undefined
      ? []
      : [
          {
            id: 'seal',
            label: AUDIT_TEXT.figureSeal,
            value: <HashText value={report.seal.root} label="Merkle root of the records" />,
          },
        ]),
    ...(summary.trustedHead === null
      ? []
      : [
          {
            id: 'trusted',
            label: AUDIT_TEXT.figureTrusted,
            value: <HashText value={summary.trustedHead} label="trusted head" />,
          },
        ]),
  ];
};

export interface FiguresProps {
  readonly summary: VerificationSummary;
  readonly report: VerificationReport;
}

export const Figures = ({ summary, report }: FiguresProps) => (
  <section aria-label={AUDIT_TEXT.figures}>
    <dl className="figures">
      {figuresOf(summary, report).map(({ id, label, value, isLead }) => (
        <div key={id} className="figure" data-lead={isLead === true ? '' : undefined}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  </section>
);

const SHOWN = 50;

interface ListedProps {
  readonly title: string;
  readonly items: readonly string[];
  /** Sentences, not names. */
  readonly isText?: boolean;
}

const Listed = ({ title, items, isText = false }: ListedProps) =>
  items.length === 0 ? null : (
    <div>
      <h3>
        {title} ({formatCount(items.length)})
      </h3>
      <ul className="plain-list">
        {items.slice(0, SHOWN).map((item) => (
          <li key={item} className={isText ? undefined : 'mono'}>
            {item}
          </li>
        ))}
        {items.length > SHOWN ? (
          <li className="muted">{AUDIT_TEXT.more(formatCount(items.length - SHOWN))}</li>
        ) : null}
      </ul>
    </div>
  );

export const Coverage = ({ coverage }: { readonly coverage: VerificationReport['coverage'] }) => {
  const { unprotectedFields, uncovered, unreferenced, weaknesses = [] } = coverage;
  const isAll = unprotectedFields.length + uncovered.length + unreferenced.length + weaknesses.length === 0;
  const unique = (list: readonly string[]): readonly string[] => [...new Set(list)];
  return (
    <Panel title={AUDIT_TEXT.coverage}>
      {isAll ? (
        <p className="muted">{AUDIT_TEXT.coverageAll}</p>
      ) : (
        <div className="coverage">
          <Listed title={AUDIT_TEXT.weaknesses} items={unique(weaknesses)} isText />
          <Listed title={AUDIT_TEXT.unprotected} items={unique(unprotectedFields)} />
          <Listed
            title={AUDIT_TEXT.uncovered}
            items={unique(
              uncovered.map(({ from, to }) => AUDIT_TEXT.range(formatInstant(from), formatInstant(to))),
            )}
          />
          <Listed title={AUDIT_TEXT.unreferenced} items={unique(unreferenced)} />
        </div>
      )}
    </Panel>
  );
};
