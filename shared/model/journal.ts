// The app's own journal: a Guardian-format hash chain, readable by any verifier of that format.
import * as v from 'valibot';

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const JournalEntry = v.strictObject({
  seq: Count,
  eventId: v.string(),
  timestamp: v.string(),
  eventType: v.string(),
  principal: v.string(),
  resource: v.nullable(v.string()),
  action: v.string(),
  result: v.picklist(['success', 'denied', 'failure']),
  detail: v.string(),
  chainHash: v.string(),
  previousHash: v.nullable(v.string()),
});
export type JournalEntry = v.InferOutput<typeof JournalEntry>;

export const JournalStatus = v.strictObject({
  entries: Count,
  head: v.nullable(v.string()),
  checkedAt: v.nullable(v.string()),
  /** null until the check at opening has finished. */
  intact: v.nullable(v.boolean()),
  /** What the check at opening found: entries or records that were changed outside the app. */
  problems: v.array(
    v.strictObject({ seq: v.nullable(Count), record: v.nullable(v.string()), message: v.string() }),
  ),
});
export type JournalStatus = v.InferOutput<typeof JournalStatus>;
