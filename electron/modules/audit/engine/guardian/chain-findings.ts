// Says in findings what the links of a log amount to.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Break, ChainShape } from './chain-shape.ts';

type At = (index: number) => Pick<Finding, 'index' | 'line' | 'byteOffset'>;

const records = (count: number): string => `${count} ${count === 1 ? 'record' : 'records'}`;

/** The findings of a chain's shape; `at` fills in where a record stands. */
export function* chainFindings(shape: ChainShape, at: At): Generator<Finding> {
  for (const { index, count, ofIndex } of shape.duplicates) {
    const stands = count === 1 ? 'This record stands' : `These ${count} records stand`;
    const message = `${stands} in the log a second time, exactly as at record ${ofIndex}; nothing else is wrong with ${count === 1 ? 'it' : 'them'}.`;
    yield { kind: 'DUPLICATE', verdict: 'DUPLICATE', ...at(index), ...counted(count), ofIndex, message };
  }
  for (const { index, parent, length } of shape.forks) {
    const message = `Two different records name record ${parent} as their parent. This one is off the way that goes on longest; ${records(length)} ${length === 1 ? 'hangs' : 'hang'} on it. Either it was inserted, or two loggers wrote at once.`;
    yield { kind: 'FORK', verdict: 'FORK', ...at(index), ofIndex: parent, message };
  }
  for (const index of shape.restarts) {
    const message =
      'A new chain begins here: the record names no parent, as after a restart of the logger. Nothing links it to the records before, so records between the two chains could be missing.';
    yield { kind: 'SEGMENT_START', verdict: 'SEGMENTED', ...at(index), message };
  }
  for (const { index, count } of shape.displaced) {
    const message = shape.isReversed
      ? `${records(count)} stand in reverse order (newest first); the links give the chain order.`
      : `${records(count)} from here on stand elsewhere in the file than in the chain; the links give the chain order.`;
    yield { kind: 'REORDERED', verdict: 'REORDERED', ...at(index), ...counted(count), message };
  }
  for (const broken of shape.breaks) yield breakFinding(broken, at);
}

const counted = (count: number): Pick<Finding, 'count'> => (count === 1 ? {} : { count });

const breakFinding = (broken: Break, at: At): Finding => {
  const { index, ofIndex, between, cause } = broken;
  const facts: Omit<Finding, 'kind' | 'message'> = {
    ...at(index),
    ...(ofIndex === null ? {} : { ofIndex }),
    ...(between === null ? {} : { between: [between[0], between[1]] }),
    ...(broken.parentHex === '' ? {} : { expected: broken.parentHex }),
  };
  const before = ofIndex === null ? 'the record before it' : `record ${ofIndex}`;
  switch (cause) {
    case 'removed': {
      const names = between === null ? 'before this record' : `between ${between[0]} and ${between[1]}`;
      const message = `At least one record is missing ${names}: this record names a parent that the log no longer holds${between === null ? '' : ', and the event ids jump'}.`;
      return { kind: 'GAP', verdict: 'TAMPERED', ...facts, message };
    }
    case 'altered': {
      const message = `This record names a parent that the log no longer holds, although no number is missing in the event ids: ${before} was altered and its hashes were made anew.`;
      return { kind: 'LINK_BREAK', verdict: 'TAMPERED', ...facts, message };
    }
    case 'unread': {
      const message = `Whether this record follows the ones before it can not be said: ${before} was too long to be read, and it may be the parent that this record names.`;
      return { kind: 'LINK_BREAK', verdict: 'UNVERIFIABLE', ...facts, message };
    }
    case 'unknown': {
      const message = `This record names a parent that the log does not hold: either records before it were removed, or ${before} was altered and its hashes were made anew. The event ids don't count up, so the log does not tell which.`;
      return { kind: 'LINK_BREAK', verdict: 'TAMPERED', ...facts, message };
    }
  }
};
