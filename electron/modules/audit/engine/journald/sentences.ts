// What a verification of journals proves and does not prove, in plain words.
import { timeText } from './file-report.ts';
import type { NamedReport } from './rotation.ts';

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

export const dialectOf = (files: readonly NamedReport[]): string => {
  const sealed = files.filter(({ report }) => report.seal !== null).length;
  const traits = new Set<string>();
  for (const { report } of files) {
    if (report.header.isKeyed) traits.add('keyed hashes');
    if (report.header.isCompact) traits.add('compact');
  }
  const machines = new Set(files.map(({ report }) => report.header.machineId));
  const kind =
    sealed === 0
      ? 'not sealed'
      : sealed === files.length
        ? 'sealed (FSS)'
        : `${sealed} of ${files.length} sealed (FSS)`;
  const who = machines.size === 1 ? `machine ${[...machines][0] ?? ''}` : `${machines.size} machines`;
  return [`systemd journal, ${kind}`, ...traits, who].join('; ');
};

export const provesOf = (files: readonly NamedReport[]): string[] => {
  const sentences: string[] = [];
  const checked = files.filter(({ report }) => (report.seal?.goodTags ?? 0) > 0);
  for (const { name, report } of checked.slice(0, 20)) {
    const { seal } = report;
    if (seal === null) continue;
    const until = seal.validatedTo === null ? '' : ` and were sealed before ${timeText(seal.validatedTo)}`;
    sentences.push(
      `${name}: ${seal.goodTags} of ${plural(seal.tags, 'tag is', 'tags are')} right with the key in ${seal.keyName ?? 'the key file'}. Entries without a finding${seal.unsealed > 0 ? ' that come before the last tag' : ''} are as machine ${report.header.machineId} wrote them from ${timeText(report.firstTime)} on${until}: none was altered, inserted, moved or removed among them.`,
    );
  }
  if (checked.length > 20) sentences.push(`The same of ${checked.length - 20} more journal files.`);
  const others = files.length - checked.length;
  if (others > 0)
    sentences.push(
      `${plural(others, 'journal', 'journals')}: every object was read and has the hash of its content, and lists and tables lead to every entry, but for what the findings say. These hashes need no key.`,
    );
  return sentences;
};

export const doesNotProveOf = (files: readonly NamedReport[], hasForeignKey: boolean): string[] => {
  const sealed = files.filter(({ report }) => report.seal !== null);
  const sentences: string[] = [];
  if (sealed.length > 0) {
    sentences.push(
      'That nothing follows the last tag: who holds the files can cut a journal off cleanly behind any tag. Compare the time of the last tag with when the file was taken.',
      'That the entries of the epoch in which a machine was broken into are genuine: whoever controls it has the key of that epoch and of all later ones. Earlier epochs stay protected.',
    );
  }
  if (sealed.length < files.length)
    sentences.push(
      'Anything about deliberate changes in the journals that are not sealed: whoever edits them can make their hashes anew.',
    );
  if (hasForeignKey)
    sentences.push(
      'That the verification key is the machine’s: it came with the log. A key is worth what is known of where it was kept.',
    );
  sentences.push('That what the entries say is true, or that everything that happened was logged.');
  return sentences;
};
