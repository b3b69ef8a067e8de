// The journal as the main thread sees it: the state of its check, pages of it, and its export.
import type { JournalStatus } from '../../shared/model/journal.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReaderApi } from './store-protocol.ts';
import type { StorePort } from './store-port.ts';
import type { JournalReader } from './vault.ts';

type Checked = Pick<JournalStatus, 'checkedAt' | 'intact' | 'problems'>;

const NOT_YET: Checked = { checkedAt: null, intact: null, problems: [] };

export const makeJournalReader = (reader: StorePort<ReaderApi>, now: Clock['now']): JournalReader => {
  let latest: Checked = NOT_YET;
  return {
    status: async () => {
      const { seq, chainHash } = await reader.call('head');
      return { entries: seq, head: chainHash, ...latest };
    },

    verify: async () => {
      const { entries, head, intact, problems } = await reader.call('check');
      latest = { checkedAt: now(), intact, problems: [...problems] };
      return { entries, head, ...latest };
    },

    page: ({ before, limit, result, text }) =>
      reader.call('page', {
        before: before ?? null,
        limit,
        result: result ?? null,
        text: text ?? null,
      }) as ReturnType<JournalReader['page']>,

    exportLines: async function* () {
      const number = await reader.call('startExport');
      try {
        for (;;) {
          const lines = await reader.call('exportLines', number);
          if (lines.length === 0) return;
          yield* lines;
        }
      } finally {
        // The reader may have been closed under the export: then there is nothing left to end.
        await reader.call('endExport', number).catch(() => {});
      }
    },
  };
};
