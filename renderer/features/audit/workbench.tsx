// The strip on top, the findings beside the open record: where an auditor works through a verification.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { VerificationSummary } from '../../../shared/model/audit.ts';
import type { Finding, VerificationReport } from '../../../shared/model/verdict.ts';
import { useCommands, type Command } from '../../state/feature.ts';
import { replacePlace, useParams } from '../../state/ui-store.ts';
import { announce } from '../../ui/announcer.tsx';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { Callout, EmptyState, Panel } from '../../ui/panels.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { ChainStrip } from './chain-strip.tsx';
import { FindingDetail } from './finding-detail.tsx';
import { findingOfLabel, itemWord } from './finding-words.ts';
import { FindingsList, type KindFilter } from './findings-list.tsx';
import { RecordLens } from './record-lens.tsx';
import { RecordNav } from './record-nav.tsx';
import { StripTable } from './strip-table.tsx';
import { AUDIT_TEXT } from './text.ts';

export interface WorkbenchProps {
  readonly summary: VerificationSummary;
  readonly report: VerificationReport;
}

interface Picked {
  /** Row in the list as filtered; null when the finding was reached another way. */
  readonly row: number | null;
  readonly finding: Finding;
}

/** Alt with up and down goes through the records while one is open. */
const useRecordCommands = (
  record: number | undefined,
  total: number | null,
  word: string,
  onRecord: (index: number) => void,
): void => {
  const commands = useMemo<readonly Command[]>(() => {
    if (record === undefined) return [];
    const previous = {
      id: 'audit.previousRecord',
      title: AUDIT_TEXT.previous(word),
      keys: 'Alt+ArrowUp',
      run: () => onRecord(record - 1),
    };
    const next = {
      id: 'audit.nextRecord',
      title: AUDIT_TEXT.nextOne(word),
      keys: 'Alt+ArrowDown',
      run: () => onRecord(record + 1),
    };
    return [...(record > 0 ? [previous] : []), ...(total === null || record < total - 1 ? [next] : [])];
  }, [record, total, word, onRecord]);
  useCommands('audit.records', commands);
};

export const Workbench = ({ summary, report }: WorkbenchProps) => {
  const { record } = useParams('audit');
  const { strip } = report;
  const { unit } = strip;
  const [kind, setKind] = useState<KindFilter>('all');
  const [picked, setPicked] = useState<Picked | null>(null);
  const [isTable, setTable] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const total = unit === 'record' ? report.records : null;
  const isOpen = record !== undefined;

  const openRecord = useCallback(
    (index: number) => {
      setPicked(null);
      replacePlace('audit', { verificationId: summary.id, record: index });
    },
    [summary.id],
  );
  const pick = (finding: Finding, row: number | null): void => {
    setPicked({ finding, row });
    replacePlace('audit', {
      verificationId: summary.id,
      ...(finding.index === undefined ? {} : { record: finding.index }),
    });
  };
  const openPosition = (position: number, label: string | undefined): void => {
    if (unit === 'record') {
      openRecord(position);
      return;
    }
    const finding = findingOfLabel(report.findings, label);
    if (finding === undefined) announce(AUDIT_TEXT.stripNoRecord);
    else pick(finding, null);
  };
  useRecordCommands(record, total, itemWord(unit), openRecord);
  // Once something is opened, the strip, the list and the record are in view together.
  useEffect(() => {
    if (isOpen || picked !== null) box.current?.scrollIntoView({ block: 'start' });
  }, [isOpen, picked]);

  const lens = (
    <section className="lens" aria-label={AUDIT_TEXT.findingTitle}>
      <RecordNav unit={unit} index={record ?? null} total={total} onRecord={openRecord} />
      {record !== undefined ? (
        <RecordLens
          verificationId={summary.id}
          index={record}
          unit={unit}
          onRecord={openRecord}
          picked={picked?.finding ?? null}
        />
      ) : picked === null ? (
        <EmptyState title={AUDIT_TEXT.pickTitle}>{AUDIT_TEXT.pickBody}</EmptyState>
      ) : (
        <FindingDetail finding={picked.finding} unit={unit} onRecord={openRecord} />
      )}
    </section>
  );
  return (
    <div ref={box} className="workbench">
      <Panel
        title={AUDIT_TEXT.stripTitle}
        isFlush
        actions={
          strip.length === 0 ? undefined : (
            <Button size="small" aria-expanded={isTable} onPress={() => setTable(!isTable)}>
              {isTable ? AUDIT_TEXT.stripPicture : AUDIT_TEXT.stripTable}
            </Button>
          )
        }
      >
        <div>
          <div className="workbench-strip stack">
            <ChainStrip
              strip={strip}
              open={unit === 'record' ? (record ?? null) : null}
              onOpen={openPosition}
            />
            {isTable ? <StripTable strip={strip} onOpen={openPosition} /> : null}
            {report.findingsOmitted > 0 ? (
              <Callout tone="attention">{AUDIT_TEXT.omitted(formatCount(report.findingsOmitted))}</Callout>
            ) : null}
          </div>
          <div className="workbench-panes">
            <SplitPane
              label={AUDIT_TEXT.findingsPane}
              initial={460}
              min={280}
              max={900}
              first={
                <FindingsList
                  summary={summary}
                  unit={unit}
                  kind={kind}
                  onKind={(next) => {
                    setKind(next);
                    setPicked(null);
                  }}
                  selected={picked?.row ?? null}
                  onSelect={(row, finding) => pick(finding, row)}
                />
              }
              second={lens}
            />
          </div>
        </div>
      </Panel>
    </div>
  );
};
