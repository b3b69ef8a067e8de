// The top bar: which workspace, which case, what runs, and the lock.
import { Lock, Search } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components';
import type { WorkspaceStatus } from '../../shared/model/workspace.ts';
import { useOperation } from '../bridge/use-operation.ts';
import { replacePlace, useUi } from '../state/ui-store.ts';
import { IconButton } from '../ui/button.tsx';
import { Select } from '../ui/fields.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Badge } from '../ui/marks.tsx';
import { displayKeys } from '../ui/shortcut.ts';
import { JobCentre } from './job-centre.tsx';
import { APP_TEXT } from './text.ts';

const ALL = 'all';

const CasePicker = () => {
  const cases = useOperation('cases.list', {});
  const caseId = useUi((s) => s.caseId);
  const setCase = useUi((s) => s.setCase);
  const room = useUi((s) => s.trail.here.room);
  const list = cases.data ?? [];
  return (
    <div className="case-picker">
      <Select
        label={APP_TEXT.casePicker}
        hideLabel
        value={caseId ?? ALL}
        onChange={(key) => {
          const found = list.find((c) => c.id === key);
          setCase(found?.id ?? null);
          if (room === 'cases') replacePlace('cases', found === undefined ? {} : { caseId: found.id });
        }}
        options={[
          { id: ALL, label: APP_TEXT.allCases },
          ...list.map((c) =>
            c.reference === ''
              ? { id: c.id as string, label: c.name }
              : { id: c.id as string, label: c.name, help: c.reference },
          ),
        ]}
      />
    </div>
  );
};

export interface TopBarProps {
  readonly status: WorkspaceStatus;
  readonly onLock: () => void;
}

export const TopBar = ({ status, onLock }: TopBarProps) => {
  const openOverlay = useUi((s) => s.openOverlay);
  return (
    <header className="top-bar" aria-label={APP_TEXT.topBar} data-region="">
      <div className="top-start">
        <span className="workspace-name" title={status.name ?? undefined}>
          {status.name ?? APP_TEXT.productName}
        </span>
        {status.isSample ? (
          <span title={APP_TEXT.sampleHelp}>
            <Badge tone="info">{APP_TEXT.sample}</Badge>
          </span>
        ) : null}
        {status.readOnly ? (
          <span title={APP_TEXT.readOnlyHelp}>
            <Badge tone="attention">{APP_TEXT.readOnly}</Badge>
          </span>
        ) : null}
      </div>
      <CasePicker />
      <div className="top-end">
        <AriaButton className="button palette-button" onPress={() => openOverlay('palette')}>
          <Search className="icon" aria-hidden />
          <span className="top-label">{APP_TEXT.search}</span>
          <span className="top-keys" aria-hidden>
            <Kbd keys="Mod+K" />
          </span>
        </AriaButton>
        <JobCentre />
        <IconButton
          icon={Lock}
          label={APP_TEXT.lockNow}
          keys={displayKeys('Mod+L').join('+')}
          onPress={onLock}
        />
      </div>
    </header>
  );
};
