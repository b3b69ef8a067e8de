// Binds the operations for reading a log.
import * as v from 'valibot';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { BookmarkId, type ImportId, SavedViewId } from '../../../../shared/model/ids.ts';
import type { Bookmark, SavedView } from '../../../../shared/model/reading.ts';
import type { HandlersOf } from '../../../gateway/operation-context.ts';
import type { JobManager } from '../../../jobs/job-manager.ts';
import type { Clock, Ids } from '../../../ports/clock.ts';
import type { Vault } from '../../../store/vault.ts';
import { getImport } from '../repository.ts';
import {
  bookmarkRecord,
  findIndex,
  getBookmark,
  getView,
  listBookmarks,
  listViews,
  viewRecord,
} from './reading-records.ts';
import { type Readings, usableIndex } from './readings.ts';

export interface ReadingParts {
  readonly jobs: JobManager;
  readonly readings: Readings;
  readonly clock: Clock;
  readonly ids: Ids;
}

const caseOf = async (vault: Vault, importId: ImportId) => (await getImport(vault, importId)).log.caseId;

export const readingHandlers = ({ jobs, readings, clock, ids }: ReadingParts): HandlersOf<'reading'> => {
  const runningIndex = (importId: ImportId) => {
    const id = readings.indexing.get(importId);
    const job = jobs.list().find((each) => each.id === id);
    return job !== undefined && ['queued', 'running'].includes(job.state) ? job.id : null;
  };
  return {
    'reading.open': async ({ importId }, { vault, note }) => {
      note(importId);
      await getImport(vault, importId);
      if ((await usableIndex(vault, importId)) === null)
        return { state: 'absent', jobId: runningIndex(importId) };
      return { state: 'ready', info: await readings.info(vault, importId) };
    },
    'reading.index': async ({ importId }, { vault, principal, note }) => {
      note(importId);
      const imported = await getImport(vault, importId);
      const running = runningIndex(importId);
      if (running !== null) return { jobId: running };
      const job = await jobs.start({
        kind: 'audit.index',
        title: imported.log.name,
        caseId: imported.log.caseId,
        principal,
        vault,
        work: (run, host) => readings.index(vault, imported, run, host),
      });
      readings.indexing.set(importId, job.id);
      return { jobId: job.id };
    },
    'reading.view': async ({ importId, filter, order, buckets }, { vault, note }) => {
      note(importId, { filters: Object.keys(filter).length, order: order.by });
      const view = await readings.openView(vault, { importId, filter, order }, buckets);
      note(importId, { rows: view.total });
      return view;
    },
    'reading.rows': ({ view, offset, limit }, { vault }) => {
      const { importId, spec } = readings.opened(view);
      return readings.ask(vault, importId, 'rows', { view: spec, offset, limit });
    },
    'reading.find': async ({ view, row }, { vault }) => {
      const { importId, spec } = readings.opened(view);
      return { position: await readings.ask(vault, importId, 'find', { view: spec, row }) };
    },
    'reading.values': ({ importId, ...input }, { vault }) => readings.ask(vault, importId, 'values', input),
    'reading.search': async ({ importId, text }, { vault, principal, note }) => {
      note(importId);
      const { log } = await getImport(vault, importId);
      if ((await usableIndex(vault, importId)) === null) throw new AppError('reading.not_indexed');
      const job = await jobs.start({
        kind: 'audit.search',
        title: log.name,
        caseId: log.caseId,
        principal,
        vault,
        work: (run, host) => readings.search(vault, importId, text, run, host),
      });
      return { jobId: job.id };
    },
    'reading.found': ({ id }) => {
      const { importId, text, rows } = readings.set(id);
      return { importId, text, rows };
    },
    'reading.row': ({ importId, row }, { vault, note }) => {
      note(importId, { row });
      return readings.ask(vault, importId, 'row', { row });
    },
    'reading.saveView': async ({ id, ...input }, { vault, note, stage }) => {
      const caseId = await caseOf(vault, input.importId);
      if (id !== undefined && (await getView(vault, id)).importId !== input.importId)
        throw new AppError('record.not_found', { kind: 'saved view' });
      // What a search found goes with the session: the text is kept, and searched for anew.
      const { found: _found, ...filter } = input.filter;
      const view: SavedView = {
        ...input,
        filter,
        id: id ?? v.parse(SavedViewId, ids.make('sview')),
        savedAt: clock.now(),
      };
      note(view.id, { import: input.importId });
      stage(viewRecord(vault, view, caseId));
      return view;
    },
    'reading.views': async ({ importId }, { vault, note }) => {
      note(importId);
      return listViews(vault, importId, await caseOf(vault, importId));
    },
    'reading.deleteView': async ({ id }, { vault, note, stageRemoval }) => {
      const view = await getView(vault, id);
      note(id, { import: view.importId });
      stageRemoval({ kind: 'reading-view', id });
      return { id };
    },
    'reading.bookmark': async ({ importId, row }, { vault, note, stage }) => {
      const caseId = await caseOf(vault, importId);
      const index = await findIndex(vault, importId);
      if (index === null) throw new AppError('reading.not_indexed');
      if (row >= index.rows) throw new AppError('reading.no_such_row', { row: row + 1, last: index.rows });
      const known = (await listBookmarks(vault, importId, caseId)).find((each) => each.row === row);
      const now = clock.now();
      const bookmark: Bookmark = known ?? {
        id: v.parse(BookmarkId, ids.make('bm')),
        importId,
        row,
        createdAt: now,
        updatedAt: now,
        note: '',
      };
      note(bookmark.id, { import: importId, row });
      if (known === undefined) stage(bookmarkRecord(vault, bookmark, caseId));
      return bookmark;
    },
    'reading.note': async ({ id, text }, { vault, note, stage }) => {
      const bookmark = await getBookmark(vault, id);
      const noted: Bookmark = { ...bookmark, note: text, updatedAt: clock.now() };
      note(id, { import: bookmark.importId, row: bookmark.row });
      stage(bookmarkRecord(vault, noted, await caseOf(vault, bookmark.importId)));
      return noted;
    },
    'reading.bookmarks': async ({ importId }, { vault, note }) => {
      note(importId);
      return listBookmarks(vault, importId, await caseOf(vault, importId));
    },
    'reading.deleteBookmark': async ({ id }, { vault, note, stageRemoval }) => {
      const bookmark = await getBookmark(vault, id);
      note(id, { import: bookmark.importId, row: bookmark.row });
      stageRemoval({ kind: 'bookmark', id });
      return { id };
    },
  };
};
