// The last resort: any JSON objects, any CSV table, of which at least one column is a time, an id or a number that counts up.
import type { ExportAdapter, ExportSample } from '../adapter.ts';
import { csvObject } from '../csv-row.ts';
import type { RecordReader } from '../event.ts';
import { genericEvent, namesIn } from '../generic-event.ts';
import { learnPlan } from '../learn.ts';
import type { Plan } from '../learn.ts';
import { jsonObject } from '../record-values.ts';
import type { JsonObject } from '../record-values.ts';

const objectsOf = (texts: readonly string[], read: (text: string) => JsonObject | string): JsonObject[] =>
  texts.map(read).filter((value) => typeof value !== 'string');

const isLog = (plan: Plan): boolean => plan.time.length + plan.sequence.length + plan.id.length > 0;

const said = (plan: Plan): string =>
  [
    plan.time[0] === undefined ? '' : `the time in “${plan.time[0]}”`,
    plan.id[0] === undefined ? '' : `an id in “${plan.id[0]}”`,
    plan.sequence[0] === undefined ? '' : `a number that counts up in “${plan.sequence[0]}”`,
  ]
    .filter((part) => part !== '')
    .join(', ');

const NOTES = [
  'What the columns mean: this is a log of unknown make, and they were told by their names and content.',
];
const COMMON = { sequenceName: 'record number', idName: 'id', clockTolerance: 999, notes: NOTES } as const;

const jsonPlan = (sample: ExportSample): Plan => learnPlan(objectsOf(sample.records, jsonObject));

export const plainJsonl: ExportAdapter = {
  id: 'plain-jsonl',
  title: 'Plain JSON records',
  summary:
    'JSON records of unknown make, without any hashes: sealed as they are, numbers, ids and times checked.',
  text: null,
  recognise: (sample) => {
    if (sample.layout !== 'json') return null;
    const objects = objectsOf(sample.records, jsonObject);
    const plan = learnPlan(objects);
    if (objects.length === 0 || !isLog(plan)) return null;
    return {
      confidence: 0.1,
      reason: `The file holds JSON records with ${said(plan)}, and no hashes that are known.`,
    };
  },
  reader: (sample): RecordReader => {
    const plan = sample === null ? null : jsonPlan(sample);
    const names = plan === null ? undefined : namesIn(plan);
    return (text) => {
      const record = jsonObject(text);
      return typeof record === 'string' ? record : genericEvent(record, plan, names);
    };
  },
  ...COMMON,
};

const csvPlan = (sample: ExportSample): Plan => {
  const { csv } = sample;
  if (csv === null) return learnPlan([]);
  return learnPlan(objectsOf(csv.rows, (row) => csvObject(row, csv)));
};

export const plainCsv: ExportAdapter = {
  id: 'plain-csv',
  title: 'Plain CSV table',
  summary:
    'A CSV table of unknown make, without any hashes: sealed as it is, numbers, ids and times checked.',
  text: 'csv',
  recognise: (sample) => {
    if (sample.csv === null || sample.layout !== 'text') return null;
    const plan = csvPlan(sample);
    if (!isLog(plan)) return null;
    return {
      confidence: 0.08,
      reason: `The file is a table whose first line names columns, with ${said(plan)}.`,
    };
  },
  reader: (sample): RecordReader => {
    const plan = sample === null ? null : csvPlan(sample);
    const names = plan === null ? undefined : namesIn(plan);
    return (text, context) => {
      const record = csvObject(text, context);
      return typeof record === 'string' ? record : genericEvent(record, plan, names);
    };
  },
  ...COMMON,
};
