// What reading leaves in the workspace: indexes, saved views and bookmarks. What people wrote is sealed once more.
import * as v from 'valibot';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { BookmarkId, ImportId, Instant, SavedViewId, type CaseId } from '../../../../shared/model/ids.ts';
import { type Bookmark, SavedView } from '../../../../shared/model/reading.ts';
import type { Put, StoredRecord, Vault } from '../../../store/vault.ts';

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const IndexBody = v.strictObject({
  importId: ImportId,
  version: v.number(),
  index: v.string(),
  text: v.nullable(v.string()),
  rows: Count,
});
export type IndexBody = v.InferOutput<typeof IndexBody>;

const BookmarkBody = v.strictObject({
  id: BookmarkId,
  importId: ImportId,
  row: Count,
  createdAt: Instant,
  updatedAt: Instant,
  /** null when there is no note. */
  sealedNote: v.nullable(v.string()),
});

const ViewBody = v.strictObject({
  id: SavedViewId,
  importId: ImportId,
  savedAt: Instant,
  sealed: v.string(),
});
const ViewContent = v.omit(SavedView, ['id', 'importId', 'savedAt']);

/** The record of a log's index has the log's own id: there is one. */
export const indexRecord = (body: IndexBody, caseId: CaseId): Put => ({
  kind: 'reading-index',
  id: body.importId,
  caseId,
  body,
});

export const findIndex = async (vault: Vault, id: ImportId): Promise<IndexBody | null> => {
  const record = await vault.records.get('reading-index', id);
  return record === null ? null : v.parse(IndexBody, record.body);
};

const noteContext = (id: BookmarkId): string => `bookmark\n${id}\nnote`;
const viewContext = (id: SavedViewId): string => `reading-view\n${id}`;

export const bookmarkRecord = (vault: Vault, bookmark: Bookmark, caseId: CaseId): Put => {
  const { note, ...rest } = bookmark;
  const sealedNote =
    note === '' ? null : vault.secrets.seal(Buffer.from(note, 'utf8'), noteContext(bookmark.id));
  return { kind: 'bookmark', id: bookmark.id, caseId, body: { ...rest, sealedNote } };
};

const readBookmark = (vault: Vault, record: StoredRecord): Bookmark => {
  const { sealedNote, ...rest } = v.parse(BookmarkBody, record.body);
  const note =
    sealedNote === null
      ? ''
      : Buffer.from(vault.secrets.open(sealedNote, noteContext(rest.id))).toString('utf8');
  return { ...rest, note };
};

/** @throws AppError record.not_found */
export const getBookmark = async (vault: Vault, id: BookmarkId): Promise<Bookmark> => {
  const record = await vault.records.get('bookmark', id);
  if (record === null) throw new AppError('record.not_found', { kind: 'bookmark' });
  return readBookmark(vault, record);
};

/** In the order of their rows. */
export const listBookmarks = async (vault: Vault, importId: ImportId, caseId: CaseId): Promise<Bookmark[]> =>
  (await vault.records.list('bookmark', { caseId }))
    .map((record) => readBookmark(vault, record))
    .filter((bookmark) => bookmark.importId === importId)
    .toSorted((a, b) => a.row - b.row);

export const viewRecord = (vault: Vault, view: SavedView, caseId: CaseId): Put => {
  const { id, importId, savedAt, ...content } = view;
  const sealed = vault.secrets.seal(Buffer.from(JSON.stringify(content), 'utf8'), viewContext(id));
  return { kind: 'reading-view', id, caseId, body: { id, importId, savedAt, sealed } };
};

const readView = (vault: Vault, record: StoredRecord): SavedView => {
  const { sealed, ...rest } = v.parse(ViewBody, record.body);
  const text = Buffer.from(vault.secrets.open(sealed, viewContext(rest.id))).toString('utf8');
  return { ...v.parse(ViewContent, JSON.parse(text)), ...rest };
};

/** @throws AppError record.not_found */
export const getView = async (vault: Vault, id: SavedViewId): Promise<SavedView> => {
  const record = await vault.records.get('reading-view', id);
  if (record === null) throw new AppError('record.not_found', { kind: 'saved view' });
  return readView(vault, record);
};

/** By name. */
export const listViews = async (vault: Vault, importId: ImportId, caseId: CaseId): Promise<SavedView[]> =>
  (await vault.records.list('reading-view', { caseId }))
    .map((record) => readView(vault, record))
    .filter((view) => view.importId === importId)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
