// Blocks of a screen: panel, callout, empty state, error notice, key-value list, progress, toolbar, tabs.
import type { LucideIcon } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import {
  Tab,
  TabList,
  TabPanel,
  Tabs as AriaTabs,
  Toolbar as AriaToolbar,
  ProgressBar as AriaProgressBar,
} from 'react-aria-components';
import { UI_TEXT } from './text.ts';
import { TONE_ICONS, type Tone } from './tone.ts';

export interface PanelProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** A count or a state beside the title. */
  readonly aside?: ReactNode;
  /** No padding around the content, for tables. */
  readonly isFlush?: boolean;
  readonly headingLevel?: 2 | 3;
}

export const Panel = ({ title, children, actions, aside, isFlush = false, headingLevel = 2 }: PanelProps) => {
  const id = useId();
  const Title = headingLevel === 2 ? 'h2' : 'h3';
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel-head">
        <Title id={id}>{title}</Title>
        {aside === undefined ? null : <span className="muted">{aside}</span>}
        {actions === undefined ? null : <div className="panel-actions">{actions}</div>}
      </div>
      <div className="panel-body" data-flush={isFlush ? '' : undefined}>
        {children}
      </div>
    </section>
  );
};

export interface CalloutProps {
  readonly tone: Tone;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export const Callout = ({ tone, title, children, actions }: CalloutProps) => {
  const Icon = TONE_ICONS[tone];
  return (
    <div className="callout" data-tone={tone}>
      <Icon className="icon" aria-hidden />
      <div className="callout-body">
        {title === undefined ? null : <p className="callout-title">{title}</p>}
        {children === undefined ? null : <div>{children}</div>}
        {actions === undefined ? null : <div className="callout-actions">{actions}</div>}
      </div>
    </div>
  );
};

export interface EmptyStateProps {
  readonly icon?: LucideIcon;
  /** What there is not. */
  readonly title: string;
  /** What to do. */
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

export const EmptyState = ({ icon: Icon, title, children, actions }: EmptyStateProps) => (
  <div className="empty-state">
    {Icon === undefined ? null : <Icon className="icon" aria-hidden />}
    <p className="empty-title">{title}</p>
    <div className="muted">{children}</div>
    {actions === undefined ? null : <div className="empty-actions">{actions}</div>}
  </div>
);

export interface ErrorText {
  /** What happened; names the file or row. */
  readonly what: string;
  /** What the user can do. */
  readonly remedy: string;
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly traceId?: string | undefined;
}

export interface ErrorNoticeProps {
  readonly error: ErrorText;
  readonly actions?: ReactNode;
}

/** Announced at once, because it appears as the answer to something that the user did. */
export const ErrorNotice = ({ error, actions }: ErrorNoticeProps) => {
  const tone: Tone =
    error.severity === 'error' ? 'fail' : error.severity === 'warning' ? 'attention' : 'info';
  return (
    <div role="alert">
      <Callout tone={tone} title={error.what} actions={actions}>
        <p>{error.remedy}</p>
        <p className="error-code">
          {UI_TEXT.errorCode} <code>{error.code}</code>
          {error.traceId === undefined ? null : (
            <>
              {' · '}
              {UI_TEXT.traceId} <code>{error.traceId}</code>
            </>
          )}
        </p>
      </Callout>
    </div>
  );
};

export interface KeyValueProps {
  readonly items: readonly { readonly id: string; readonly label: string; readonly value: ReactNode }[];
  /** Beside each other (default) or one over the other, for narrow places. */
  readonly layout?: 'beside' | 'over';
}

export const KeyValueList = ({ items, layout = 'beside' }: KeyValueProps) => (
  <dl className="key-values" data-layout={layout}>
    {items.map((item) => (
      <div key={item.id} className="key-value">
        <dt>{item.label}</dt>
        <dd>{item.value}</dd>
      </div>
    ))}
  </dl>
);

export interface ProgressBarProps {
  readonly label: string;
  readonly done: number;
  /** null: the end isn't known; the bar then shows no share. */
  readonly total: number | null;
  /** Numbers under the bar, e.g. `412,000 of 1,000,000 records · 61,000 per second · 6.7 s`. */
  readonly detail?: ReactNode;
  readonly tone?: 'accent' | 'pass' | 'attention' | 'fail';
  readonly hideLabel?: boolean;
}

export const ProgressBar = ({
  label,
  done,
  total,
  detail,
  tone = 'accent',
  hideLabel = false,
}: ProgressBarProps) => {
  const share = total === null || total === 0 ? undefined : Math.min(1, done / total);
  const percent = share === undefined ? undefined : Math.floor(share * 100);
  return (
    <AriaProgressBar
      className="progress"
      aria-label={label}
      isIndeterminate={percent === undefined}
      {...(percent === undefined ? {} : { value: percent, valueLabel: `${percent} %` })}
    >
      {hideLabel ? null : (
        <span className="progress-head" aria-hidden>
          <span className="progress-label">{label}</span>
          {percent === undefined ? null : <span>{percent} %</span>}
        </span>
      )}
      <span
        className="progress-track"
        data-tone={tone}
        data-indeterminate={percent === undefined ? '' : undefined}
      >
        <span className="progress-fill" style={{ inlineSize: `${(share ?? 0.3) * 100}%` }} />
      </span>
      {detail === undefined ? null : <span className="progress-detail">{detail}</span>}
    </AriaProgressBar>
  );
};

/** Buttons and filters in a row; arrow keys move between the buttons. */
export const Toolbar = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <AriaToolbar className="toolbar" aria-label={label}>
    {children}
  </AriaToolbar>
);

export interface TabsProps<K extends string> {
  readonly label: string;
  readonly tabs: readonly {
    readonly id: K;
    readonly label: string;
    readonly aside?: ReactNode;
    readonly content: ReactNode;
  }[];
  readonly selected: K;
  readonly onSelect: (id: K) => void;
}

export const Tabs = <K extends string>({ label, tabs, selected, onSelect }: TabsProps<K>) => (
  <AriaTabs
    className="tabs"
    selectedKey={selected}
    onSelectionChange={(key) => {
      const found = tabs.find((tab) => tab.id === key);
      if (found !== undefined) onSelect(found.id);
    }}
  >
    <TabList className="tab-list" aria-label={label} items={tabs}>
      {(tab) => (
        <Tab id={tab.id} className="tab">
          {tab.label}
          {tab.aside === undefined ? null : <span className="tab-aside">{tab.aside}</span>}
        </Tab>
      )}
    </TabList>
    {tabs.map((tab) => (
      <TabPanel key={tab.id} id={tab.id} className="tab-panel">
        {tab.content}
      </TabPanel>
    ))}
  </AriaTabs>
);

export interface PageProps {
  readonly title: ReactNode;
  /** One line under the title: what this is. */
  readonly summary?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** The content fills the height and scrolls inside (lists with a detail pane). */
  readonly isFilled?: boolean;
}

/** The form of every screen: heading, actions, content. */
export const Page = ({ title, summary, actions, children, isFilled = false }: PageProps) => (
  <div className="page" data-filled={isFilled ? '' : undefined}>
    <div className="page-head">
      <div className="page-title">
        <h1>{title}</h1>
        {summary === undefined ? null : <div className="muted">{summary}</div>}
      </div>
      {actions === undefined ? null : <div className="page-actions">{actions}</div>}
    </div>
    <div className="page-body">{children}</div>
  </div>
);
