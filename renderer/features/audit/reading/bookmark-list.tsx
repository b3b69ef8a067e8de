// The bookmarked records of a log, each a link to its place.
import { StickyNote, Trash2 } from 'lucide-react';
import type { Bookmark } from '../../../../shared/model/reading.ts';
import { useReadOnly } from '../../../bridge/use-read-only.ts';
import { IconButton, LinkButton } from '../../../ui/button.tsx';
import { formatCount } from '../../../ui/format.ts';
import { DateTime } from '../../../ui/marks.tsx';
import { EmptyState } from '../../../ui/panels.tsx';
import { READING_TEXT } from './text.ts';

export interface BookmarkListProps {
  readonly bookmarks: readonly Bookmark[];
  readonly onJump: (row: number) => void;
  readonly onRemove: (bookmark: Bookmark) => void;
}

export const BookmarkList = ({ bookmarks, onJump, onRemove }: BookmarkListProps) => {
  const isReadOnly = useReadOnly();
  if (bookmarks.length === 0)
    return <EmptyState title={READING_TEXT.emptyBookmarksTitle}>{READING_TEXT.emptyBookmarks}</EmptyState>;
  return (
    <ul className="bookmark-list" aria-label={READING_TEXT.bookmarkList}>
      {bookmarks.map((bookmark) => (
        <li key={bookmark.id}>
          <div className="row reading-record-head">
            <LinkButton onPress={() => onJump(bookmark.row)}>
              {READING_TEXT.recordNo(formatCount(bookmark.row))}
            </LinkButton>
            <span className="row muted">
              <DateTime value={bookmark.updatedAt} precision="day" />
              <IconButton
                icon={Trash2}
                size="small"
                label={`${READING_TEXT.unbookmark}: ${READING_TEXT.recordNo(formatCount(bookmark.row))}`}
                isDisabled={isReadOnly}
                onPress={() => onRemove(bookmark)}
              />
            </span>
          </div>
          {bookmark.note === '' ? null : (
            <p className="bookmark-note">
              <StickyNote className="icon" aria-hidden /> <span>{bookmark.note}</span>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
};
