// The packs and the reports of the case, as tables.
import { PackageCheck, PackagePlus } from 'lucide-react';
import type { EvidencePack, Report } from '../../../shared/model/evidence.ts';
import { useReadOnly } from '../../bridge/use-read-only.ts';
import { navigate } from '../../state/ui-store.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { DateTime, HashText } from '../../ui/marks.tsx';
import { EmptyState, Panel } from '../../ui/panels.tsx';
import { SimpleTable, type SimpleColumn } from '../../ui/simple-table.tsx';
import { CompletenessBadge } from './pack-screen.tsx';
import { SaveButtons, type SaveReport } from './save-report.tsx';
import { EVIDENCE_TEXT } from './text.ts';

const PACK_COLUMNS: readonly SimpleColumn<EvidencePack>[] = [
  {
    id: 'name',
    header: EVIDENCE_TEXT.pack,
    isRowHeader: true,
    cell: (p) => <LinkButton onPress={() => navigate('evidence', { packId: p.id })}>{p.fileName}</LinkButton>,
  },
  { id: 'complete', header: EVIDENCE_TEXT.completeness, cell: (p) => <CompletenessBadge pack={p} /> },
  { id: 'size', header: EVIDENCE_TEXT.size, align: 'end', cell: (p) => formatBytes(p.bytes) },
  {
    id: 'sha',
    header: EVIDENCE_TEXT.packDigest,
    cell: (p) => <HashText value={p.sha256} label={`SHA-256 of ${p.fileName}`} />,
  },
  { id: 'made', header: EVIDENCE_TEXT.made, cell: (p) => <DateTime value={p.createdAt} /> },
];

export const Packs = ({
  packs,
  onBuild,
}: {
  readonly packs: readonly EvidencePack[];
  readonly onBuild: () => void;
}) => {
  const isReadOnly = useReadOnly();
  return (
    <Panel title={EVIDENCE_TEXT.packs} aside={formatCount(packs.length)} isFlush={packs.length > 0}>
      {packs.length === 0 ? (
        <EmptyState
          icon={PackageCheck}
          title={EVIDENCE_TEXT.packsEmptyTitle}
          actions={
            <Button
              icon={PackagePlus}
              isDisabled={isReadOnly}
              onPress={onBuild}
              aria-label={`${EVIDENCE_TEXT.buildPack} now`}
            >
              {EVIDENCE_TEXT.buildPack}
            </Button>
          }
        >
          {EVIDENCE_TEXT.packsEmptyBody}
        </EmptyState>
      ) : (
        <SimpleTable label={EVIDENCE_TEXT.packs} columns={PACK_COLUMNS} rows={packs} rowKey={(p) => p.id} />
      )}
    </Panel>
  );
};

const reportColumns = (saving: SaveReport): readonly SimpleColumn<Report>[] => [
  {
    id: 'title',
    header: EVIDENCE_TEXT.report,
    isRowHeader: true,
    cell: (r) => (
      <LinkButton onPress={() => navigate('audit', { verificationId: r.verificationId })}>
        {r.title}
      </LinkButton>
    ),
  },
  {
    id: 'sha',
    header: EVIDENCE_TEXT.pdfDigest,
    cell: (r) => <HashText value={r.pdfSha256} label={`SHA-256 of the PDF of ${r.title}`} />,
  },
  { id: 'made', header: EVIDENCE_TEXT.made, cell: (r) => <DateTime value={r.createdAt} /> },
  { id: 'save', header: EVIDENCE_TEXT.save, cell: (r) => <SaveButtons report={r} saving={saving} isNamed /> },
];

export const Reports = ({
  reports,
  saving,
}: {
  readonly reports: readonly Report[];
  readonly saving: SaveReport;
}) => {
  return (
    <Panel title={EVIDENCE_TEXT.reports} aside={formatCount(reports.length)} isFlush={reports.length > 0}>
      {reports.length === 0 ? (
        <p className="muted">{EVIDENCE_TEXT.reportsEmpty}</p>
      ) : (
        <SimpleTable
          label={EVIDENCE_TEXT.reports}
          columns={reportColumns(saving)}
          rows={reports}
          rowKey={(r) => r.id}
        />
      )}
    </Panel>
  );
};
