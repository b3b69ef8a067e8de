// Operations on the app's own journal, and on running jobs.
import * as v from 'valibot';
import { FileHandle, JobId } from '../model/ids.ts';
import { Job } from '../model/job.ts';
import { JournalEntry, JournalStatus } from '../model/journal.ts';
import { op } from './define.ts';

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const journalContract = {
  'journal.status': op({
    kind: 'query',
    permission: 'journal.read',
    clearance: 'internal',
    journal: null,
    input: v.strictObject({}),
    output: JournalStatus,
  }),
  /** Newest first; `before` is the sequence number to continue from. */
  'journal.page': op({
    kind: 'query',
    permission: 'journal.read',
    clearance: 'internal',
    journal: 'journal.read',
    input: v.strictObject({
      before: v.optional(Count),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
      result: v.optional(v.picklist(['success', 'denied', 'failure'])),
      text: v.optional(v.pipe(v.string(), v.maxLength(200))),
    }),
    output: v.strictObject({ total: Count, entries: v.array(JournalEntry) }),
  }),
  'journal.export': op({
    kind: 'command',
    permission: 'journal.export',
    clearance: 'internal',
    journal: 'journal.export',
    input: v.strictObject({ to: FileHandle }),
    output: v.strictObject({ name: v.string(), entries: Count, head: v.string(), bytes: Count }),
  }),
  /** Checks every entry and every record again, now. */
  'journal.verify': op({
    kind: 'command',
    permission: 'journal.read',
    clearance: 'internal',
    journal: 'journal.verify',
    input: v.strictObject({}),
    output: JournalStatus,
  }),
  'jobs.list': op({
    kind: 'query',
    permission: 'jobs.read',
    clearance: 'internal',
    journal: null,
    input: v.strictObject({}),
    output: v.array(Job),
  }),
  'jobs.cancel': op({
    kind: 'command',
    permission: 'jobs.cancel',
    clearance: 'internal',
    journal: 'job.cancel',
    input: v.strictObject({ id: JobId }),
    output: Job,
  }),
} as const;
