// The audit room: imported logs and what their verification found.
import { ScrollText } from 'lucide-react';
import { useOperation } from '../../bridge/use-operation.ts';
import type { Feature } from '../../state/feature.ts';
import { useUi } from '../../state/ui-store.ts';
import { EmptyState, KeyValueList, Page, Panel } from '../../ui/panels.tsx';
import { HashText } from '../../ui/marks.tsx';
import { AUDIT_TEXT } from './text.ts';

const AuditScreen = () => {
  const caseId = useUi((s) => s.caseId);
  const imports = useOperation('audit.imports', caseId === null ? {} : { caseId });
  const list = imports.data ?? [];
  return (
    <Page title={AUDIT_TEXT.title}>
      {list.length === 0 ? (
        <EmptyState icon={ScrollText} title={AUDIT_TEXT.emptyTitle}>
          {AUDIT_TEXT.emptyBody}
        </EmptyState>
      ) : (
        <Panel title={AUDIT_TEXT.title}>
          <KeyValueList
            items={list.map((i) => ({
              id: i.id,
              label: i.name,
              value: <HashText value={i.sha256} label={`digest of ${i.name}`} />,
            }))}
          />
        </Panel>
      )}
    </Page>
  );
};

export const auditFeature: Feature = {
  id: 'audit',
  title: AUDIT_TEXT.title,
  icon: ScrollText,
  Screen: AuditScreen,
  commands: [],
  shortcuts: [],
};
