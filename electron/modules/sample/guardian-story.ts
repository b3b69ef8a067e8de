// The sample's agent log: six weeks of a hospital's discharge-letter assistant, and what was done to its export.
import { createHash } from 'node:crypto';
import { type GuardianEvent, makeGuardianRecord, pyFloat } from '../../../shared/chain/guardian-record.ts';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Start of the log, seconds since 1970: 2026-09-28T06:00:00. */
const START = 1_790_575_200;
const RECORDS = 1_200;

const STEPS = [
  { event_type: 'data_access', action: 'read', resource: 'patient-record', agent: 'ward-portal/4.2' },
  {
    event_type: 'model_inference',
    action: 'summarise',
    resource: 'discharge-letter',
    agent: 'letter-assistant/1.9',
  },
  { event_type: 'authorization', action: 'check', resource: 'patient-record', agent: 'ward-portal/4.2' },
  { event_type: 'data_access', action: 'export', resource: 'discharge-letter', agent: 'ward-portal/4.2' },
] as const;

/** A small fixed sequence in place of chance: the sample is the same on every machine. */
const draw = (position: number, salt: string, most: number): number =>
  createHash('sha256').update(`${salt}:${position}`).digest().readUInt32BE(0) % most;

const isoformat = (seconds: number, micros: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19)}${micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`}`;

const eventAt = (position: number): GuardianEvent => {
  const step = STEPS[draw(position, 'step', STEPS.length)] ?? STEPS[0];
  const denied = step.event_type === 'authorization' && draw(position, 'denied', 12) === 0;
  return {
    event_id: `evt-${String(position).padStart(6, '0')}`,
    timestamp: isoformat(
      START + position * 3_024 + draw(position, 'second', 1_800),
      draw(position, 'micro', 1_000_000),
    ),
    event_type: step.event_type,
    user_id: `staff-${String(100 + draw(position, 'staff', 40))}`,
    resource_id: `${step.resource}/${4_000 + draw(position, 'resource', 900)}`,
    action: step.action,
    result: denied ? 'denied' : 'success',
    ip_address: `10.20.${draw(position, 'net', 4)}.${20 + draw(position, 'host', 200)}`,
    user_agent: step.agent,
    additional_data: {
      ward: `Büro ${1 + draw(position, 'ward', 6)}`,
      confidence: pyFloat(draw(position, 'confidence', 1_001) / 1_000),
      break_glass: draw(position, 'glass', 90) === 0,
    },
  };
};

export interface StoryLog {
  readonly text: string;
  /** The last chain hash as the security officer wrote it down at the time. */
  readonly head: string;
}

const genuineLines = (): { lines: string[]; head: string } => {
  const lines: string[] = [];
  let previous: string | null = null;
  for (let position = 0; position < RECORDS; position += 1) {
    const record = makeGuardianRecord(eventAt(position), previous, sha256Hex);
    lines.push(record.line);
    previous = record.chainHash;
  }
  return { lines, head: previous ?? '' };
};

/** The log as the application wrote it. */
export const genuineLog = (): StoryLog => {
  const { lines, head } = genuineLines();
  return { text: `${lines.join('\n')}\n`, head };
};

/**
 * The log as it was handed over: the first refused access after record 1,100 reads as granted, and nine records of the
 * night of the 7th of November are gone.
 */
export const tamperedLog = (): StoryLog => {
  const { lines, head } = genuineLines();
  const edited = lines.findIndex((line, position) => position > 1_100 && line.includes('"result": "denied"'));
  const changed = lines.map((line, position) =>
    position === edited ? line.replace('"result": "denied"', '"result": "success"') : line,
  );
  changed.splice(1_158, 9);
  return { text: `${changed.join('\n')}\n`, head };
};
