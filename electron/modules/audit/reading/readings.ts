// The logs that are being read in this session: their host, their opened views and what searches found, until the lock.
import * as v from 'valibot';
import { AppError, isAppError } from '../../../../shared/errors/app-error.ts';
import { type ImportId, type JobId, RowSetId, ViewId } from '../../../../shared/model/ids.ts';
import type { ReadingInfo, RowFilter, RowOrder, RowView } from '../../../../shared/model/reading.ts';
import type { JobOutcome } from '../../../jobs/job-manager.ts';
import type { JobHost, JobRun } from '../../../jobs/job-kinds.ts';
import type { Ids } from '../../../ports/clock.ts';
import type { Vault } from '../../../store/vault.ts';
import { sourceOf } from '../import-log.ts';
import { getImport, type ImportBody } from '../repository.ts';
import { INDEX_VERSION } from './index-format.ts';
import type { LogSpec } from './open-log.ts';
import type { ReadingHost } from './reading-host.ts';
import type { ReadingCallName, ReadingCalls, ViewSpec } from './reading-protocol.ts';
import { findIndex, type IndexBody, indexRecord } from './reading-records.ts';

interface OpenedView {
  readonly importId: ImportId;
  readonly filter: RowFilter;
  readonly order: RowOrder;
}

interface RowSet {
  readonly importId: ImportId;
  readonly text: string;
  readonly bits: Uint8Array;
  readonly rows: number;
}

const VIEWS_KEPT = 64;
const SETS_KEPT = 16;
const BUCKETS = 160;

const keepNewest = (map: Map<unknown, unknown>, most: number): void => {
  for (const [oldest] of map) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
};

/** An index of this version whose file is there, or null: then it is built anew. */
export const usableIndex = async (vault: Vault, id: ImportId): Promise<IndexBody | null> => {
  const body = await findIndex(vault, id);
  if (body?.version !== INDEX_VERSION) return null;
  try {
    await vault.blobs.ticket(body.index);
    return body;
  } catch (error) {
    if (isAppError(error) && error.code === 'record.not_found') return null;
    throw error;
  }
};

export class Readings {
  readonly #host: ReadingHost;
  readonly #ids: Ids;
  readonly #views = new Map<ViewId, OpenedView>();
  readonly #sets = new Map<RowSetId, RowSet>();
  /** The last index job of each log. */
  readonly indexing = new Map<ImportId, JobId>();

  constructor(host: ReadingHost, ids: Ids) {
    this.#host = host;
    this.#ids = ids;
  }

  /** Before a lock: nothing of the workspace stays behind. */
  forget(): void {
    this.#host.close();
    this.#views.clear();
    this.#sets.clear();
    this.indexing.clear();
  }

  /** @throws AppError reading.not_indexed */
  async #spec(vault: Vault, importId: ImportId): Promise<{ key: string; spec: LogSpec }> {
    const body = await usableIndex(vault, importId);
    if (body === null) throw new AppError('reading.not_indexed');
    const spec: LogSpec = {
      source: await sourceOf(vault, await getImport(vault, importId)),
      index: await vault.blobs.ticket(body.index),
      text: body.text === null ? null : await vault.blobs.ticket(body.text),
    };
    return { key: body.index, spec };
  }

  async ask<N extends ReadingCallName>(
    vault: Vault,
    importId: ImportId,
    name: N,
    input: ReadingCalls[N]['input'],
  ): Promise<ReadingCalls[N]['output']> {
    return this.#host.ask(await this.#spec(vault, importId), name, input);
  }

  async info(vault: Vault, importId: ImportId): Promise<ReadingInfo> {
    return { importId, ...(await this.ask(vault, importId, 'info', {})) };
  }

  /** @throws AppError reading.view_gone when the search's rows are no longer there. */
  #viewSpec({ importId, filter, order }: OpenedView): ViewSpec {
    const set = filter.found === undefined ? null : this.set(filter.found);
    if (set !== null && set.importId !== importId) throw new AppError('reading.view_gone');
    return { key: JSON.stringify([filter, order]), filter, order, found: set?.bits ?? null };
  }

  async openView(vault: Vault, view: OpenedView, buckets = BUCKETS): Promise<RowView> {
    const spec = this.#viewSpec(view);
    const answer = await this.ask(vault, view.importId, 'view', { view: spec, buckets });
    const id = v.parse(ViewId, this.#ids.make('view'));
    this.#views.set(id, view);
    keepNewest(this.#views, VIEWS_KEPT);
    return { id, ...answer };
  }

  /** @throws AppError reading.view_gone */
  opened(id: ViewId): { readonly importId: ImportId; readonly spec: ViewSpec } {
    const view = this.#views.get(id);
    if (view === undefined) throw new AppError('reading.view_gone');
    return { importId: view.importId, spec: this.#viewSpec(view) };
  }

  /** @throws AppError reading.view_gone */
  set(id: RowSetId): RowSet {
    const set = this.#sets.get(id);
    if (set === undefined) throw new AppError('reading.view_gone');
    return set;
  }

  /** The work of an `audit.search` job; its rows stay in memory until the lock. */
  async search(
    vault: Vault,
    importId: ImportId,
    find: string,
    run: JobRun,
    host: JobHost,
  ): Promise<JobOutcome> {
    const { spec } = await this.#spec(vault, importId);
    const { bits, rows } = await host.run('audit.search', { ...spec, find }, run);
    const id = v.parse(RowSetId, this.#ids.make('set'));
    this.#sets.set(id, { importId, text: find, bits, rows });
    keepNewest(this.#sets, SETS_KEPT);
    return { result: id, puts: [], detail: { import: importId, rows } };
  }

  /** The work of an `audit.index` job. */
  async index(vault: Vault, imported: ImportBody, run: JobRun, host: JobHost): Promise<JobOutcome> {
    const { log } = imported;
    const earlier = await findIndex(vault, log.id);
    const [index, text] = [vault.blobs.reserve(), vault.blobs.reserve()];
    try {
      const built = await host.run(
        'audit.index',
        {
          source: await sourceOf(vault, imported),
          format: log.format,
          expectedSha256: log.sha256,
          index: index.target,
          text: text.target,
        },
        run,
      );
      const kept = await index.keep(built.index);
      const keptText = built.text === null ? null : await text.keep(built.text);
      if (earlier !== null)
        for (const blob of [earlier.index, earlier.text])
          if (blob !== null) await vault.blobs.remove(blob).catch(() => {});
      const body: IndexBody = {
        importId: log.id,
        version: INDEX_VERSION,
        index: kept.id,
        text: keptText?.id ?? null,
        rows: built.rows,
      };
      return {
        result: log.id,
        puts: [indexRecord(body, log.caseId)],
        detail: { import: log.id, rows: built.rows, sha256: kept.sha256 },
      };
    } finally {
      await index.drop();
      await text.drop();
    }
  }
}
