// Binds the operations on the journal and on jobs.
import type { HandlersOf } from '../../gateway/operation-context.ts';
import type { JobManager } from '../../jobs/job-manager.ts';
import { writeNewFile } from '../../ports/write-new-file.ts';
import type { FileHandles } from '../../ports/file-handles.ts';

export const journalHandlers = (handles: FileHandles): HandlersOf<'journal'> => ({
  'journal.status': (_input, { vault }) => vault.journal.status(),
  'journal.page': async (query, { vault }) => {
    const { total, entries } = await vault.journal.page(query);
    return { total, entries: [...entries] };
  },
  'journal.export': async ({ to }, { vault, note }) => {
    // The status is read first: what is exported ends with the head that is named.
    const { entries, head } = await vault.journal.status();
    const written = await writeNewFile(handles.path(to), linesUpTo(vault.journal.exportLines(), entries));
    note(null, { entries, head, sha256: written.sha256 });
    return { name: written.name, entries, head: head ?? '', bytes: written.bytes };
  },
  'journal.verify': (_input, { vault }) => vault.journal.verify(),
});

async function* linesUpTo(lines: AsyncIterable<string>, most: number): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const line of lines) {
    if (count === most) return;
    count += 1;
    yield Buffer.from(`${line}\n`, 'utf8');
  }
}

export const jobHandlers = (jobs: JobManager): HandlersOf<'jobs'> => ({
  'jobs.list': () => [...jobs.list()],
  'jobs.cancel': ({ id }, { note }) => {
    note(id);
    return jobs.cancel(id);
  },
});
