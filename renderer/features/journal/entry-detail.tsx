// One journal entry: its fields, and the two hashes that tie it into the chain.
import type { JournalEntry } from '../../../shared/model/journal.ts';
import { Badge, DateTime, HashText } from '../../ui/marks.tsx';
import { KeyValueList } from '../../ui/panels.tsx';
import type { Tone } from '../../ui/tone.ts';
import { JOURNAL_TEXT } from './text.ts';

export interface EntryDetailProps {
  readonly entry: JournalEntry;
  readonly badge: { readonly tone: Tone; readonly label: string };
}

export const EntryDetail = ({ entry, badge }: EntryDetailProps) => (
  <section className="entry-detail" data-region="" aria-labelledby="entry-title">
    <div className="row">
      <h2 id="entry-title">{JOURNAL_TEXT.entry(String(entry.seq))}</h2>
      <Badge tone={badge.tone}>{badge.label}</Badge>
    </div>
    <KeyValueList
      items={[
        {
          id: 'time',
          label: JOURNAL_TEXT.time,
          value: <DateTime value={entry.timestamp} precision="full" />,
        },
        { id: 'action', label: JOURNAL_TEXT.action, value: entry.action },
        { id: 'principal', label: JOURNAL_TEXT.principal, value: entry.principal },
        {
          id: 'resource',
          label: JOURNAL_TEXT.resource,
          value:
            entry.resource === null ? (
              <span className="muted">{JOURNAL_TEXT.none}</span>
            ) : (
              <span className="mono">{entry.resource}</span>
            ),
        },
        {
          id: 'detail',
          label: JOURNAL_TEXT.detail,
          value: entry.detail === '' ? <span className="muted">{JOURNAL_TEXT.none}</span> : entry.detail,
        },
        { id: 'type', label: JOURNAL_TEXT.eventType, value: <span className="mono">{entry.eventType}</span> },
        { id: 'id', label: JOURNAL_TEXT.eventId, value: <span className="mono">{entry.eventId}</span> },
      ]}
    />
    <KeyValueList
      layout="over"
      items={[
        {
          id: 'previous',
          label: JOURNAL_TEXT.previousHash,
          value:
            entry.previousHash === null ? (
              JOURNAL_TEXT.firstEntry
            ) : (
              <HashText value={entry.previousHash} label="previous hash" form="full" />
            ),
        },
        {
          id: 'chain',
          label: JOURNAL_TEXT.chainHash,
          value: <HashText value={entry.chainHash} label="chain hash" form="full" />,
        },
      ]}
    />
    <p className="muted">{JOURNAL_TEXT.hashHelp}</p>
  </section>
);
