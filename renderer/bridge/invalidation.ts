// Which queries a finished job or a command makes stale.
import type { OperationName } from '../../shared/contract/index.ts';
import type { JobKind } from '../../shared/model/job.ts';

export const STALE_AFTER_JOB: Readonly<Record<JobKind, readonly OperationName[]>> = {
  'audit.import': ['audit.imports', 'audit.getImport'],
  'audit.verify': ['audit.imports', 'audit.verifications'],
  'audit.index': ['reading.open', 'reading.view'],
  'audit.search': [],
  'report.create': ['reports.list'],
  'evidence.build': ['evidence.packs'],
  'evidence.verify': ['evidence.verification'],
};

/** Stale after every command. Not journal.page: reading the journal is an entry itself, and its list stands still. */
export const JOURNAL_QUERIES: readonly OperationName[] = ['journal.status'];

export const STALE_AFTER_COMMAND: Readonly<Partial<Record<OperationName, readonly OperationName[]>>> = {
  'cases.create': ['cases.list'],
  'cases.update': ['cases.list', 'cases.get'],
  'settings.set': ['settings.get', 'evidence.identity'],
  'journal.verify': ['journal.status'],
  'jobs.cancel': ['jobs.list'],
  'recipes.save': ['recipes.list'],
  'recipes.delete': ['recipes.list'],
  'reading.saveView': ['reading.views'],
  'reading.deleteView': ['reading.views'],
  'reading.bookmark': ['reading.bookmarks'],
  'reading.note': ['reading.bookmarks'],
  'reading.deleteBookmark': ['reading.bookmarks'],
};
