// One record beside the grid: what the verification says of it, its bookmark and note, its fields, its exact text.
import { Bookmark as BookmarkIcon, BookmarkX, Columns2 } from 'lucide-react';
import type { ImportId, VerificationId } from '../../../../shared/model/ids.ts';
import type { Bookmark, RowDetail } from '../../../../shared/model/reading.ts';
import { FINDING_TEXT } from '../../../../shared/model/verdict-text.ts';
import { describeError } from '../../../bridge/operation-error.ts';
import { useOperation } from '../../../bridge/use-operation.ts';
import { useReadOnly } from '../../../bridge/use-read-only.ts';
import { navigate } from '../../../state/ui-store.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { formatCount } from '../../../ui/format.ts';
import { Badge, CopyButton, DateTime, Skeleton } from '../../../ui/marks.tsx';
import { EmptyState, ErrorNotice } from '../../../ui/panels.tsx';
import { ScrollArea } from '../../../ui/scroll-area.tsx';
import { useSettled } from '../use-settled.ts';
import { NoteEditor } from './note-editor.tsx';
import type { RowMark } from './row-marks.ts';
import { READING_TEXT } from './text.ts';

/** Milliseconds: an arrow key that is held down doesn't ask for every record on the way. */
const SETTLE = 120;

export interface RowPaneProps {
  readonly importId: ImportId;
  readonly row: number | null;
  readonly bookmark: Bookmark | undefined;
  readonly mark: RowMark | undefined;
  readonly verificationId: VerificationId | undefined;
  readonly isPinned: boolean;
  /** Above 0: the note takes the focus, once for each turn. */
  readonly noteTurn: number;
  readonly onBookmark: () => void;
  readonly onPin: () => void;
}

const Fields = ({ fields }: Pick<RowDetail, 'fields'>) =>
  fields.length === 0 ? (
    <p className="muted">{READING_TEXT.noFields}</p>
  ) : (
    <table className="field-table">
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{READING_TEXT.fieldName}</th>
          <th scope="col">{READING_TEXT.fieldValue}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- a hostile record may hold one name twice
          <tr key={at}>
            <th scope="row">{field.name}</th>
            <td>{field.value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );

const Body = ({ detail }: { readonly detail: RowDetail }) => (
  <>
    <p className="row muted">
      {detail.file === null ? null : <span className="mono record-path">{detail.file}</span>}
      {detail.summary.time === null ? null : <DateTime value={detail.summary.time} precision="full" />}
      {detail.byteOffset === null ? null : (
        <span>{READING_TEXT.byteOffset(formatCount(detail.byteOffset))}</span>
      )}
      <span>{READING_TEXT.bytes(formatCount(detail.bytes))}</span>
    </p>
    <div className="lens-part">
      <h3>{READING_TEXT.fields}</h3>
      <Fields fields={detail.fields} />
    </div>
    <div className="lens-part">
      <h3 className="row">
        {READING_TEXT.raw} <CopyButton value={detail.raw} label={READING_TEXT.copyRaw} />
      </h3>
      {detail.rawTruncated ? <p className="audit-hint">{READING_TEXT.rawCut}</p> : null}
      <ScrollArea className="bytes mono" label={READING_TEXT.raw}>
        {detail.raw}
      </ScrollArea>
    </div>
  </>
);

export const RowPane = (props: RowPaneProps) => {
  const { importId, row, bookmark, mark } = props;
  const settled = useSettled(row, SETTLE);
  const isReadOnly = useReadOnly();
  const detail = useOperation(
    'reading.row',
    { importId, row: settled ?? 0 },
    { enabled: settled !== null, keepPrevious: true, staleTime: Infinity },
  );
  if (row === null) return <EmptyState title={READING_TEXT.pickTitle}>{READING_TEXT.pickBody}</EmptyState>;
  const isCurrent = detail.data?.row === row;
  return (
    <section
      className="lens reading-lens"
      aria-label={READING_TEXT.record}
      aria-busy={!isCurrent && detail.error === null}
    >
      <div className="row reading-record-head">
        <h2>{READING_TEXT.recordNo(formatCount(row))}</h2>
        <span className="row">
          {/* A note is not thrown away from here: the list of bookmarks does that. */}
          {bookmark !== undefined && bookmark.note !== '' ? null : (
            <Button
              size="small"
              icon={bookmark === undefined ? BookmarkIcon : BookmarkX}
              isDisabled={isReadOnly}
              onPress={props.onBookmark}
            >
              {bookmark === undefined ? READING_TEXT.bookmark : READING_TEXT.unbookmark}
            </Button>
          )}
          <Button size="small" icon={Columns2} onPress={props.onPin}>
            {props.isPinned ? READING_TEXT.compareEnd : READING_TEXT.compare}
          </Button>
        </span>
      </div>
      {mark === undefined ? null : (
        <p className="row">
          {mark.kinds.map((kind) => (
            <Badge key={kind} tone={mark.tone}>
              {FINDING_TEXT[kind].title}
            </Badge>
          ))}
          {props.verificationId === undefined ? null : (
            <LinkButton
              onPress={() => {
                if (props.verificationId !== undefined)
                  navigate('audit', { verificationId: props.verificationId, record: row });
              }}
            >
              {READING_TEXT.openFinding}
            </LinkButton>
          )}
        </p>
      )}
      {bookmark === undefined ? null : (
        <NoteEditor
          key={`${bookmark.id} ${props.noteTurn}`}
          bookmark={bookmark}
          hasFocus={props.noteTurn > 0}
        />
      )}
      {detail.error !== null ? (
        <ErrorNotice error={describeError(detail.error)} />
      ) : detail.data === undefined || !isCurrent ? (
        <Skeleton lines={6} />
      ) : (
        <Body detail={detail.data} />
      )}
    </section>
  );
};
