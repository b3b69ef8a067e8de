// The evidence room: reports and signed packs.
import { PackageCheck } from 'lucide-react';
import { useOperation } from '../../bridge/use-operation.ts';
import type { Feature } from '../../state/feature.ts';
import { useUi } from '../../state/ui-store.ts';
import { EmptyState, KeyValueList, Page, Panel } from '../../ui/panels.tsx';
import { HashText } from '../../ui/marks.tsx';
import { EVIDENCE_TEXT } from './text.ts';

const EvidenceScreen = () => {
  const caseId = useUi((s) => s.caseId);
  const packs = useOperation('evidence.packs', caseId === null ? {} : { caseId });
  const list = packs.data ?? [];
  return (
    <Page title={EVIDENCE_TEXT.title}>
      {list.length === 0 ? (
        <EmptyState icon={PackageCheck} title={EVIDENCE_TEXT.emptyTitle}>
          {EVIDENCE_TEXT.emptyBody}
        </EmptyState>
      ) : (
        <Panel title={EVIDENCE_TEXT.title}>
          <KeyValueList
            items={list.map((p) => ({
              id: p.id,
              label: p.fileName,
              value: <HashText value={p.sha256} label={`digest of ${p.fileName}`} />,
            }))}
          />
        </Panel>
      )}
    </Page>
  );
};

export const evidenceFeature: Feature = {
  id: 'evidence',
  title: EVIDENCE_TEXT.title,
  icon: PackageCheck,
  Screen: EvidenceScreen,
  commands: [],
  shortcuts: [],
};
