// Holds the MAC files, and host keys of a later state, against the end of a secure log.
import type { AnchorCheck } from '../../../../../shared/model/verdict.ts';
import type { FindingList } from '../lines/finding-list.ts';
import { MAX_JUMP } from './counters.ts';
import type { CounterPlan } from './counters.ts';
import type { HostKey, KeyChain, MacFile } from './key-chain.ts';
import type { SlogPass } from './slog-pass.ts';

/** What the evidence beside the log says of its end. */
export interface Ends {
  readonly anchored: boolean;
  readonly anchors: readonly AnchorCheck[];
}

/** Holds the MAC files, and host keys of a later state, against the end of the log. */
export const checkEnds = (
  pass: SlogPass,
  plan: CounterPlan,
  chain: KeyChain,
  used: HostKey,
  keys: readonly HostKey[],
  macs: readonly MacFile[],
  findings: FindingList,
): Ends => {
  const anchors: AnchorCheck[] = [];
  let anchored = false;
  const head = (name: string, outcome: AnchorCheck['outcome'], adds: string, index?: number): void =>
    void anchors.push({
      name,
      kind: 'head',
      outcome,
      time: null,
      adds,
      ...(index === undefined ? {} : { index }),
    });
  const lastLine = pass.numbers.indexOf(plan.last);
  const lineOf = (number: number): number => pass.numbers.indexOf(number);
  const tail = lastLine < 0 ? {} : { index: lastLine };
  const startsLater = plan.first > 0;
  for (const mac of macs) {
    const covered = pass.covers.get(mac);
    if (covered === plan.last) {
      anchored = true;
      head(
        mac.name,
        'covers',
        `The MAC over all entries up to entry ${covered} is the one in ${mac.name}: none is missing at the end.`,
        lastLine,
      );
    } else if (covered !== undefined) {
      const message = `The MAC in ${mac.name} is that of the log up to entry ${covered}: it covers the entries up to there, and not the ${plan.last - covered} after it.`;
      head(mac.name, 'covers-part', message, lineOf(covered));
      findings.add({ kind: 'HEAD_MISMATCH', index: Math.max(0, lineOf(covered)), message });
    } else if (!pass.isWhole) {
      head(
        mac.name,
        'unverified',
        'The MAC over all entries can not be made again, because entries are missing or altered. So it does not show whether entries are missing at the end.',
      );
    } else if (startsLater && macs.length === 1) {
      head(
        mac.name,
        'unverified',
        'The log begins in the middle, and the MAC file of the state before it is missing; so this MAC can not be made again.',
      );
      const message = `The log begins with entry ${plan.first}: to make the MAC again, the MAC file from before that entry is needed too.`;
      findings.add({ kind: 'KEY_MISSING', message });
    } else if (!startsLater || pass.covers.size === 0) {
      const actual = pass.head;
      const message = `The MAC over all ${plan.last - plan.first + 1} entries is not the one in ${mac.name}, although each entry is genuine and none is missing in between: entries were cut off at the end, or the MAC file is of another log.`;
      head(mac.name, 'conflicts', message);
      const values = { expected: mac.mac.toString('hex'), ...(actual === null ? {} : { actual }) };
      findings.add({ kind: 'HEAD_MISMATCH', verdict: 'TAMPERED', ...values, message });
      findings.add({
        kind: 'TRUNCATED',
        verdict: 'TAMPERED',
        ...tail,
        between: [`entry ${plan.last}`, 'the end'],
        message: `Entries after entry ${plan.last} are missing, unless ${mac.name} belongs to another log. How many does not show from the MAC.`,
      });
    }
  }
  for (const key of keys) {
    if (key === used || key.counter <= plan.last || key.counter - plan.last > MAX_JUMP) continue;
    if (chain.at(key.counter)?.equals(key.key) !== true) continue;
    const lost = key.counter - plan.last - 1;
    if (lost === 0) {
      anchored = true;
      head(
        key.name,
        'covers',
        `The host key after the last entry is the one in ${key.name}: it counts as many entries as there are.`,
        lastLine,
      );
      continue;
    }
    const message = `The host key in ${key.name} was reached after ${key.counter} entries, and the log ends with entry ${plan.last}: ${lost} entries are missing at the end.`;
    head(key.name, 'conflicts', message);
    findings.add({
      kind: 'TRUNCATED',
      verdict: 'TAMPERED',
      ...tail,
      between: [`entry ${plan.last}`, `entry ${key.counter}`],
      message,
    });
  }
  return { anchored, anchors };
};
