// Another process that holds a workspace open, or writes to it until it is killed.
import { open, entryOf } from './support.ts';

const [, , folder = '', mode] = process.argv;
const vault = await open(folder);
if (mode === 'hold') process.stdout.write('open\n');
else {
  const { entries } = await vault.journal.status();
  for (let next = entries + 1; ; next += 1) {
    const put = { kind: 'case', id: `k${next}`, caseId: null, body: { seq: next } } as const;
    const { seq } = await vault.commit({ puts: [put], entry: entryOf('write') });
    process.stdout.write(`${seq}\n`);
  }
}
