// Where the user is: one room with its parameters. Links between features are places, so features don't import each other.
import type { CaseId, ImportId, JobId, PackId, ReportId, VerificationId } from '../../shared/model/ids.ts';

export interface Places {
  readonly cases: { readonly caseId?: CaseId; readonly intent?: 'new' };
  readonly audit: {
    readonly importId?: ImportId;
    readonly verificationId?: VerificationId;
    /** Zero-based index of the record to look at. */
    readonly record?: number;
    /** `read` opens the log of `importId` as a grid; with `record`, at that record. */
    readonly intent?: 'import' | 'verify' | 'read';
  };
  readonly evidence: {
    readonly reportId?: ReportId;
    readonly packId?: PackId;
    /** Start a report or a pack for this verification. */
    readonly verificationId?: VerificationId;
    /** The job of a pack check whose answer is to be shown. */
    readonly checkJobId?: JobId;
    readonly intent?: 'build' | 'check' | 'report';
  };
  readonly journal: { readonly seq?: number; readonly intent?: 'verify' | 'export' };
  readonly settings: { readonly section?: 'look' | 'workspace' | 'identity' | 'keyboard' | 'about' };
}

export type RoomId = keyof Places;
export type Place = { [R in RoomId]: { readonly room: R; readonly params: Places[R] } }[RoomId];

export const ROOM_IDS = [
  'cases',
  'audit',
  'evidence',
  'journal',
  'settings',
] as const satisfies readonly RoomId[];

export const isSamePlace = (a: Place, b: Place): boolean =>
  a.room === b.room && JSON.stringify(a.params) === JSON.stringify(b.params);

export interface Trail {
  readonly past: readonly Place[];
  readonly here: Place;
  readonly future: readonly Place[];
}

const MAX_TRAIL = 100;

export const goTo = (trail: Trail, to: Place): Trail =>
  isSamePlace(trail.here, to)
    ? trail
    : { past: [...trail.past, trail.here].slice(-MAX_TRAIL), here: to, future: [] };

/** Changes the place without a step in the trail, e.g. to take back an intent once it was followed. */
export const replaceHere = (trail: Trail, to: Place): Trail => ({ ...trail, here: to });

export const goBack = (trail: Trail): Trail => {
  const here = trail.past.at(-1);
  return here === undefined
    ? trail
    : { past: trail.past.slice(0, -1), here, future: [trail.here, ...trail.future] };
};

export const goForward = (trail: Trail): Trail => {
  const [here, ...future] = trail.future;
  return here === undefined ? trail : { past: [...trail.past, trail.here], here, future };
};
