// The open log: filters and timeline over the grid, the selected record beside it.
import { Bookmark as BookmarkIcon, Columns2, Hash, StickyNote } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { LogRow, ReadingInfo, SavedView } from '../../../../shared/model/reading.ts';
import { describeError, OperationError } from '../../../bridge/operation-error.ts';
import { useClient } from '../../../bridge/provider.tsx';
import { showError } from '../../../bridge/show-error.ts';
import { useCommand, useOperation } from '../../../bridge/use-operation.ts';
import { usePagedRows } from '../../../bridge/use-paged-rows.ts';
import { useReadOnly } from '../../../bridge/use-read-only.ts';
import { useDraft } from '../../../state/drafts.ts';
import { useCommands, type Command } from '../../../state/feature.ts';
import { showToast } from '../../../state/toasts.ts';
import { announce } from '../../../ui/announcer.tsx';
import { Button } from '../../../ui/button.tsx';
import { DataGrid, type GridSort } from '../../../ui/data-grid.tsx';
import { formatCount } from '../../../ui/format.ts';
import { Skeleton } from '../../../ui/marks.tsx';
import { EmptyState, ErrorNotice, Page, Tabs } from '../../../ui/panels.tsx';
import { SplitPane } from '../../../ui/split-pane.tsx';
import { BookmarkList } from './bookmark-list.tsx';
import { ComparePane } from './compare-pane.tsx';
import { FilterBar } from './filter-bar.tsx';
import { GoToDialog } from './go-to-dialog.tsx';
import { type Choice, choiceOf, EVERYTHING, filterOf } from './reading-choice.ts';
import { rowColumns } from './row-columns.tsx';
import { RowPane } from './row-detail.tsx';
import { READING_TEXT } from './text.ts';
import { TimelineChart } from './timeline-chart.tsx';
import { useMarks } from './use-marks.ts';
import { useSearch } from './use-search.ts';
import { ViewsMenu } from './views-menu.tsx';

const PAGE = 100;
/** The record beside the grid has 26 rem, the rail its own width; the grid takes what is left, CSS pixels. */
const gridWidth = (): number => Math.min(Math.max(window.innerWidth - 630, 420), 1_200);
const BASE = { choice: EVERYTHING } as const;
type SideTab = 'record' | 'compare' | 'bookmarks';

export interface ReadingRoomProps {
  readonly info: ReadingInfo;
  readonly name: string;
  readonly hasFiles: boolean;
  /** A record to begin at. */
  readonly record: number | undefined;
  readonly summary: ReactNode;
}

export const ReadingRoom = ({ info, name, hasFiles, record, summary }: ReadingRoomProps) => {
  const { importId } = info;
  const client = useClient();
  const isReadOnly = useReadOnly();
  const draft = useDraft<{ choice: Choice }>(`reading:${importId}`, BASE);
  const { choice } = draft.value;
  const { edit } = draft;
  const setChoice = useCallback((next: Choice) => edit('choice', next), [edit]);
  const marks = useMarks(importId);
  const filter = useMemo(() => filterOf(choice, marks.rows), [choice, marks.rows]);
  const view = useOperation(
    'reading.view',
    { importId, filter, order: choice.order },
    { keepPrevious: true, staleTime: Infinity },
  );
  const viewId = view.data?.id;
  const rows = usePagedRows<LogRow>({
    queryKey: ['reading.rows', viewId ?? null],
    fetchPage: async (offset, limit) =>
      viewId === undefined
        ? { total: 0, rows: [] }
        : client.call('reading.rows', { view: viewId, offset, limit }),
    size: PAGE,
  });
  const latest = useRef(choice);
  useEffect(() => {
    latest.current = choice;
  });
  const search = useSearch(
    importId,
    useCallback((found) => setChoice({ ...latest.current, found }), [setChoice]),
  );

  const [selected, setSelected] = useState<{ readonly index: number; readonly row: number | null } | null>(
    null,
  );
  const [wanted, setWanted] = useState<number | null>(record ?? null);
  const [pinned, setPinned] = useState<number | null>(null);
  const [tab, setTab] = useState<SideTab>('record');
  const [isGoing, setGoing] = useState(false);
  /** The row whose note was asked for; another turn each time, so that it takes the focus again. */
  const [noteFor, setNoteFor] = useState<{ readonly row: number; readonly turn: number } | null>(null);
  // A row that isn't loaded yet tells its number when it comes.
  const row = selected === null ? null : (selected.row ?? rows.rowAt(selected.index)?.row ?? null);

  // Another view holds the record elsewhere, or not at all: it is looked for when the view changes, and on a jump.
  const asked = useRef<string | null>(null);
  const current = useRef(row);
  useEffect(() => {
    current.current = row;
  });
  useEffect(() => {
    const target = wanted ?? current.current;
    if (viewId === undefined || view.isPlaceholderData || target === null) return;
    const key = `${viewId} ${target}`;
    if (wanted === null && asked.current === key) return;
    asked.current = key;
    void client.call('reading.find', { view: viewId, row: target }).then(({ position }) => {
      setWanted(null);
      if (position !== null) setSelected({ index: position, row: target });
      else if (wanted === null) setSelected(null);
      else
        showToast({
          tone: 'attention',
          title: READING_TEXT.notInView(formatCount(target)),
          action: {
            label: READING_TEXT.clearAll,
            run: () => {
              setChoice(EVERYTHING);
              setWanted(target);
            },
          },
        });
    }, showError);
  }, [client, viewId, view.isPlaceholderData, wanted, setChoice]);

  // After a lock the views are gone, and with them what searches found: both are made anew.
  const failure = view.error ?? rows.error;
  const isGone = failure instanceof OperationError && failure.code === 'reading.view_gone';
  const { refetch } = view;
  const { run: searchAgain } = search;
  useEffect(() => {
    if (!isGone) return;
    const { found } = latest.current;
    if (found === null) void refetch();
    else {
      setChoice({ ...latest.current, found: null });
      searchAgain(found.text);
    }
  }, [isGone, refetch, searchAgain, setChoice]);

  const add = useCommand('reading.bookmark', { onDone: () => announce(READING_TEXT.bookmarkAdded) });
  const remove = useCommand('reading.deleteBookmark', {
    onDone: () => announce(READING_TEXT.bookmarkRemoved),
  });
  const bookmark = row === null ? undefined : marks.bookmarks.get(row);
  const { mutate: addBookmark } = add;
  const { mutate: removeBookmark } = remove;
  const toggleBookmark = useCallback(() => {
    if (row === null || isReadOnly) return;
    if (bookmark === undefined) addBookmark({ importId, row });
    // A note is not thrown away with one key: the list of bookmarks does that.
    else if (bookmark.note === '') removeBookmark({ id: bookmark.id });
    else setTab('bookmarks');
  }, [row, isReadOnly, bookmark, addBookmark, removeBookmark, importId]);
  const takeNote = useCallback(() => {
    if (row === null || isReadOnly) return;
    setTab('record');
    setNoteFor((before) => ({ row, turn: (before?.turn ?? 0) + 1 }));
    if (bookmark === undefined) addBookmark({ importId, row });
  }, [row, isReadOnly, bookmark, addBookmark, importId]);
  const togglePin = useCallback(() => {
    if (row === null) return;
    const isEnd = pinned === row;
    setPinned(isEnd ? null : row);
    setTab(isEnd ? 'record' : 'compare');
    if (!isEnd) announce(READING_TEXT.comparePinned(formatCount(row)));
  }, [row, pinned]);

  useCommands(
    'audit.reading',
    useMemo<readonly Command[]>(
      () => [
        {
          id: 'audit.goToRecord',
          title: READING_TEXT.goTo,
          keys: 'Mod+G',
          icon: Hash,
          run: () => setGoing(true),
        },
        {
          id: 'audit.bookmark',
          title: READING_TEXT.bookmark,
          keys: 'B',
          icon: BookmarkIcon,
          run: toggleBookmark,
        },
        { id: 'audit.note', title: READING_TEXT.note, keys: 'N', icon: StickyNote, run: takeNote },
        { id: 'audit.compare', title: READING_TEXT.compareWith, keys: 'C', icon: Columns2, run: togglePin },
      ],
      [toggleBookmark, takeNote, togglePin],
    ),
  );

  const columns = useMemo(() => rowColumns(marks, hasFiles), [marks, hasFiles]);
  const sort: GridSort = { column: choice.order.by, direction: choice.order.direction };
  const openView = (saved: SavedView): void => {
    setChoice(choiceOf(saved));
    if (saved.search !== null) search.run(saved.search);
  };
  const total = view.data?.total ?? 0;
  const actionError = add.error ?? remove.error;
  const empty = (
    <EmptyState
      title={
        choice.only === 'bookmarks' && marks.list.length === 0
          ? READING_TEXT.emptyBookmarksTitle
          : READING_TEXT.emptyTitle
      }
      actions={<Button onPress={() => setChoice(EVERYTHING)}>{READING_TEXT.clearAll}</Button>}
    >
      {choice.only === 'bookmarks' && marks.list.length === 0
        ? READING_TEXT.emptyBookmarks
        : READING_TEXT.emptyBody}
    </EmptyState>
  );
  return (
    <Page
      isFilled
      title={READING_TEXT.title(name)}
      summary={
        <>
          {summary} ·{' '}
          {view.data === undefined || total === info.rows
            ? READING_TEXT.records(formatCount(info.rows))
            : READING_TEXT.shown(formatCount(total), formatCount(info.rows))}
          {info.unreadable === 0 ? null : ` · ${READING_TEXT.unreadable(formatCount(info.unreadable))}`}
        </>
      }
      actions={
        <>
          <Button icon={Hash} onPress={() => setGoing(true)}>
            {READING_TEXT.goTo}
          </Button>
          <ViewsMenu importId={importId} choice={choice} onOpen={openView} />
        </>
      }
    >
      <div className="reading">
        <div className="reading-top">
          <FilterBar
            info={info}
            choice={choice}
            onChange={setChoice}
            search={search}
            hasFindings={marks.rows.findings.length > 0}
            history={draft}
          />
          {view.data === undefined ? null : (
            <TimelineChart
              timeline={view.data.timeline}
              onStretch={(stretch) => setChoice({ ...choice, ...stretch })}
            />
          )}
          {actionError === null ? null : <ErrorNotice error={describeError(actionError)} />}
          {failure === null || isGone ? null : (
            <ErrorNotice
              error={describeError(failure)}
              actions={<Button onPress={() => void refetch()}>{READING_TEXT.retry}</Button>}
            />
          )}
        </div>
        <SplitPane
          label={READING_TEXT.gridPane}
          initial={gridWidth()}
          min={360}
          max={1600}
          first={
            view.data === undefined ? (
              <Skeleton lines={10} />
            ) : (
              <DataGrid
                key={info.importId}
                label={READING_TEXT.grid}
                columns={columns}
                rowCount={total}
                rowAt={rows.rowAt}
                onVisible={rows.onVisible}
                selectedIndex={selected?.index ?? null}
                onSelect={(index, picked) => {
                  if (picked !== undefined) asked.current = `${viewId ?? ''} ${picked.row}`;
                  setSelected({ index, row: picked?.row ?? null });
                }}
                onOpen={() => setTab('record')}
                sort={sort}
                onSort={({ column, direction }) =>
                  setChoice({ ...choice, order: { by: column === 'time' ? 'time' : 'position', direction } })
                }
                rowTone={(each) => marks.findings.get(each.row)?.tone}
                empty={empty}
              />
            )
          }
          second={
            <Tabs<SideTab>
              label={READING_TEXT.side}
              selected={tab}
              onSelect={setTab}
              tabs={[
                {
                  id: 'record',
                  label: READING_TEXT.record,
                  content: (
                    <RowPane
                      importId={importId}
                      row={row}
                      bookmark={bookmark}
                      mark={row === null ? undefined : marks.findings.get(row)}
                      verificationId={marks.verificationId}
                      isPinned={pinned !== null && pinned === row}
                      noteTurn={noteFor !== null && noteFor.row === row ? noteFor.turn : 0}
                      onBookmark={toggleBookmark}
                      onPin={togglePin}
                    />
                  ),
                },
                {
                  id: 'compare',
                  label: READING_TEXT.compare,
                  content: (
                    <ComparePane
                      importId={importId}
                      left={pinned}
                      right={row}
                      onEnd={() => setPinned(null)}
                    />
                  ),
                },
                {
                  id: 'bookmarks',
                  label: READING_TEXT.bookmarks,
                  ...(marks.list.length === 0 ? {} : { aside: formatCount(marks.list.length) }),
                  content: (
                    <BookmarkList
                      bookmarks={marks.list}
                      onJump={setWanted}
                      onRemove={({ id }) => removeBookmark({ id })}
                    />
                  ),
                },
              ]}
            />
          }
        />
      </div>
      {isGoing ? <GoToDialog rows={info.rows} onClose={() => setGoing(false)} onGo={setWanted} /> : null}
    </Page>
  );
};
