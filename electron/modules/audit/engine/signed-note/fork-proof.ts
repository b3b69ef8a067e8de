// Verifies a fork proof file: two signed checkpoints of one log that can not both be true.
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { Source } from '../../../../ports/source.ts';
import type { AuditFormat, EngineRun, Verified, VerifyOptions } from '../format.ts';
import { FindingList } from '../lines/finding-list.ts';
import { onlyFile } from '../lines/read-log.ts';
import { conclude, documentRecord } from '../merkle/conclude.ts';
import { parseJson } from '../merkle/json-text.ts';
import { readSmall, readUpTo } from '../merkle/small-file.ts';
import { keysOf, readCompanions } from './companions.ts';
import { compareHeads, signersOf } from './compare-checkpoints.ts';
import { FORK_TYPE, readForkDocument } from './fork-document.ts';
import { judgeNote, signersSentence } from './judge-note.ts';
import { readKeyText } from './keys.ts';
import { SIGNED_NOTE_METHOD } from './method.ts';

const ID = 'fork-proof';
const TITLE = 'Fork proof (two heads of one log)';

const verify = async (source: Source, options: VerifyOptions, run: EngineRun): Promise<Verified> => {
  const began = performance.now();
  const file = onlyFile(source, ID);
  const document = readForkDocument(parseJson(await readSmall(file, ID)));
  if (document === null) {
    const reason = 'it has not the fields of a fork proof';
    throw new AppError('audit.format_mismatch', { name: source.name, format: ID, reason });
  }
  const outside = keysOf(await readCompanions(source, options, ID, () => false));
  const enclosed = document.keys.flatMap((text) => readKeyText(text, 'the key in the proof').keys);
  const isConfirmed = (text: string): boolean => outside.keys.some((key) => key.text.trim() === text.trim());
  const [a, b] = document.notes.map((bytes, i) =>
    judgeNote(`checkpoint ${i + 1}`, bytes, [...outside.keys, ...enclosed], { index: i }),
  ) as [ReturnType<typeof judgeNote>, ReturnType<typeof judgeNote>];
  const findings = new FindingList();
  for (const finding of [...a.findings, ...b.findings]) findings.add(finding);
  const comparison = compareHeads(a, b, document.tree === null ? [] : [document.tree]);
  const { outcome, message } = comparison;
  const isFork = outcome === 'fork';
  const confirmed = isFork && signersOf([a, b]).every(({ text }) => isConfirmed(text));
  if (isFork) {
    findings.add({ kind: 'FORK', verdict: 'FORK', index: 1, path: file.name, message });
    if (!confirmed) {
      const text =
        'The log’s key was taken from the proof itself. Compare it with the key that the log publishes, or give that key.';
      findings.add({ kind: 'KEY_MISSING', path: file.name, message: text });
    }
  } else if (outcome !== 'unsigned') {
    const text = `It does not prove a fork. ${message}`;
    findings.add({ kind: 'CHAIN_HASH_MISMATCH', verdict: 'UNVERIFIABLE', path: file.name, message: text });
  }
  const origin = a.checkpoint?.origin ?? 'the log';
  return conclude(source, options, run, began, {
    format: ID,
    base: 'UNVERIFIABLE',
    anchored: confirmed,
    records: 2,
    findings,
    head: null,
    proves: [
      ...[a, b].map(signersSentence).filter((sentence) => sentence !== null),
      ...(isFork
        ? [`The holder of the key of ${origin} signed two histories of which at most one is true.`]
        : []),
    ],
    doesNotProve: [
      'Which of the two histories is the true one.',
      ...(confirmed ? [] : [`That the key belongs to ${origin}: it came with the proof.`]),
    ],
    ...(comparison.forkProof === undefined ? {} : { forkProof: comparison.forkProof }),
  });
};

/** The file that Probity writes where two heads of one log conflict (`forkProof` of a report). */
export const forkProof: AuditFormat = {
  id: ID,
  title: TITLE,
  summary: 'Two checkpoints signed by one log that can not both be true, with what shows it.',
  method: SIGNED_NOTE_METHOD,
  detect: async (source) => {
    const [file, ...others] = source.files;
    if (file === undefined || others.length > 0) return null;
    const text = (await readUpTo(file, 1024)).toString('latin1');
    if (!/^\s*\{/u.test(text) || !text.includes(`"${FORK_TYPE}"`)) return null;
    return { format: ID, title: TITLE, confidence: 0.99, reason: 'It says that it is a Probity fork proof.' };
  },
  verify,
  record: (source, verified, index) => documentRecord([...source.files, ...source.files], verified, index),
};
