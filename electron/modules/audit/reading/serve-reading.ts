// The far side of reading: keeps one log open and answers questions about it, one after another.
import { isAppError } from '../../../../shared/errors/app-error.ts';
import type { HostParent } from '../../../ports/host-process.ts';
import { OpenLog } from './open-log.ts';
import type { FromReader, ReadingCallName, ReadingCalls, ToReader } from './reading-protocol.ts';

type Answers = {
  readonly [N in ReadingCallName]: (
    log: OpenLog,
    input: ReadingCalls[N]['input'],
  ) => Promise<ReadingCalls[N]['output']> | ReadingCalls[N]['output'];
};

const ANSWERS: Answers = {
  info: (log) => log.info(),
  values: (log, { column, text, limit }) => log.values(column, text, limit),
  view: (log, { view, buckets }) => log.view(view, buckets),
  rows: (log, { view, offset, limit }) => log.rows(view, offset, limit),
  find: (log, { view, row }) => log.find(view, row),
  row: (log, { row }) => log.row(row),
};

const isQuestion = (message: unknown): message is ToReader =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'read';

/** Listens beside `serveJobs`: messages of other types are not its own. */
export const serveReading = (parent: HostParent): void => {
  let open: { readonly key: string; readonly log: OpenLog } | null = null;
  const answer = async ({ log, name, input }: ToReader): Promise<unknown> => {
    if (open?.key !== log.key) {
      // The old log's memory is given back before the new one takes its own.
      open = null;
      open = { key: log.key, log: await OpenLog.open(log.spec) };
    }
    // The near side ties name and input together by type.
    return (ANSWERS[name] as (log: OpenLog, input: unknown) => unknown)(open.log, input);
  };
  let last: Promise<void> = Promise.resolve();
  parent.onMessage((message) => {
    if (!isQuestion(message)) return;
    const post = (given: FromReader['answer']): void =>
      parent.post({ type: 'read', id: message.id, answer: given } satisfies FromReader);
    last = last
      .then(() => answer(message))
      .then(
        (value) => post({ ok: true, value }),
        (error: unknown) => {
          const wire = isAppError(error) ? { code: error.code, params: error.params } : null;
          const text = error instanceof Error ? (error.stack ?? error.message) : 'not an Error';
          post({ ok: false, error: wire, unexpected: wire === null ? text : null });
        },
      );
  });
};
