// Look, workspace, signing identity, keyboard, about: one column of panels.
import { Keyboard } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Settings } from '../../../shared/model/workspace.ts';
import { describeError } from '../../bridge/operation-error.ts';
import { useCommand, useOperation } from '../../bridge/use-operation.ts';
import { getLook, setLook, subscribeLook } from '../../state/look.ts';
import { useParams, useUi } from '../../state/ui-store.ts';
import { Button } from '../../ui/button.tsx';
import { Select, Switch, TextField } from '../../ui/fields.tsx';
import { Skeleton } from '../../ui/marks.tsx';
import { Callout, ErrorNotice, KeyValueList, Page, Panel } from '../../ui/panels.tsx';
import { IdentityPanel } from './identity-panel.tsx';
import { SETTINGS_TEXT } from './text.ts';

const THEMES = (['system', 'light', 'dark', 'contrast'] as const).map((id) => ({
  id,
  label: SETTINGS_TEXT.themes[id],
}));
const DENSITIES = (['comfortable', 'compact'] as const).map((id) => ({
  id,
  label: SETTINGS_TEXT.densities[id],
}));
const IDLE_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 240] as const;

const idleOptions = (
  now: number,
): { readonly id: string; readonly label: string; readonly help?: string }[] => {
  const minutes = [...new Set([...IDLE_MINUTES, ...(now > 0 ? [now] : [])])].toSorted((a, b) => a - b);
  return [
    ...minutes.map((n) => ({ id: String(n), label: SETTINGS_TEXT.minutes(n) })),
    { id: '0', label: SETTINGS_TEXT.idleNever, help: SETTINGS_TEXT.idleNeverHelp },
  ];
};

interface SectionProps {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

const LookPanel = ({ settings, onChange }: SectionProps) => (
  <Panel title={SETTINGS_TEXT.look}>
    <div className="settings-fields">
      <Select
        label={SETTINGS_TEXT.theme}
        options={THEMES}
        value={settings.theme}
        onChange={(theme) => {
          setLook({ theme });
          onChange({ ...settings, theme });
        }}
      />
      <Select
        label={SETTINGS_TEXT.density}
        options={DENSITIES}
        value={settings.density}
        onChange={(density) => {
          setLook({ density });
          onChange({ ...settings, density });
        }}
      />
    </div>
  </Panel>
);

const WorkspacePanel = ({ settings, onChange }: SectionProps) => {
  const [organisation, setOrganisation] = useState(settings.organisation);
  const close = useCommand('workspace.close', { stale: ['workspace.status'] });
  const isChanged = organisation.trim() !== settings.organisation;
  const save = (): void => {
    if (isChanged) onChange({ ...settings, organisation: organisation.trim() });
  };
  return (
    <Panel title={SETTINGS_TEXT.workspace}>
      <div className="settings-fields">
        <Select
          label={SETTINGS_TEXT.idleLock}
          help={SETTINGS_TEXT.idleLockHelp}
          options={idleOptions(settings.idleLockMinutes)}
          value={String(settings.idleLockMinutes)}
          onChange={(id) => onChange({ ...settings, idleLockMinutes: Number(id) })}
        />
        <TextField
          label={SETTINGS_TEXT.organisation}
          help={SETTINGS_TEXT.organisationHelp}
          value={organisation}
          onChange={setOrganisation}
          onBlur={save}
          onSubmit={save}
          maxLength={100}
        />
      </div>
      <div className="row">
        <Button onPress={() => close.mutate({})} isPending={close.isPending}>
          {SETTINGS_TEXT.close}
        </Button>
        <span className="muted">{SETTINGS_TEXT.closeHelp}</span>
      </div>
      {close.error === null ? null : <ErrorNotice error={describeError(close.error)} />}
    </Panel>
  );
};

const KeyboardPanel = () => {
  const look = useSyncExternalStore(subscribeLook, getLook);
  const openOverlay = useUi((s) => s.openOverlay);
  return (
    <Panel title={SETTINGS_TEXT.keyboard}>
      <Switch
        isSelected={look.singleKeys}
        onChange={(singleKeys) => setLook({ singleKeys })}
        help={SETTINGS_TEXT.singleKeysHelp}
      >
        {SETTINGS_TEXT.singleKeys}
      </Switch>
      <div className="row">
        <Button icon={Keyboard} onPress={() => openOverlay('shortcuts')}>
          {SETTINGS_TEXT.showMap}
        </Button>
      </div>
    </Panel>
  );
};

const AboutPanel = () => {
  const status = useOperation('workspace.status', {}, { staleTime: Infinity });
  return (
    <Panel title={SETTINGS_TEXT.about}>
      <KeyValueList
        items={[{ id: 'version', label: SETTINGS_TEXT.version, value: status.data?.appVersion ?? '' }]}
      />
      <Callout tone="info" title={SETTINGS_TEXT.networkTitle}>
        {SETTINGS_TEXT.networkBody}
      </Callout>
      <div>
        <h3>{SETTINGS_TEXT.dataTitle}</h3>
        <p>{SETTINGS_TEXT.dataBody}</p>
      </div>
    </Panel>
  );
};

export const SettingsScreen = () => {
  const settings = useOperation('settings.get', {});
  const change = useCommand('settings.set');
  const { section } = useParams('settings');
  const anchors = useRef<Partial<Record<string, HTMLDivElement | null>>>({});
  const isLoaded = settings.data !== undefined;
  useEffect(() => {
    if (section === undefined || !isLoaded) return;
    const target = anchors.current[section];
    target?.scrollIntoView({ block: 'start' });
    target?.focus({ preventScroll: true });
  }, [section, isLoaded]);
  const anchor = (id: string) => ({
    ref: (element: HTMLDivElement | null): void => {
      anchors.current[id] = element;
    },
    tabIndex: -1,
    className: 'settings-anchor',
  });

  return (
    <Page title={SETTINGS_TEXT.title}>
      <div className="settings">
        {settings.error === null ? null : <ErrorNotice error={describeError(settings.error)} />}
        {change.error === null ? null : <ErrorNotice error={describeError(change.error)} />}
        {settings.data === undefined ? (
          <Skeleton lines={8} />
        ) : (
          <>
            <div {...anchor('look')}>
              <LookPanel settings={settings.data} onChange={(next) => change.mutate(next)} />
            </div>
            <div {...anchor('workspace')}>
              <WorkspacePanel settings={settings.data} onChange={(next) => change.mutate(next)} />
            </div>
          </>
        )}
        <div {...anchor('identity')}>
          <IdentityPanel />
        </div>
        <div {...anchor('keyboard')}>
          <KeyboardPanel />
        </div>
        <div {...anchor('about')}>
          <AboutPanel />
        </div>
      </div>
    </Page>
  );
};
