// What the window shows now: place, selected case, open overlays. Never data.
import { create } from 'zustand';
import type { CaseId } from '../../shared/model/ids.ts';
import {
  goBack,
  goForward,
  goTo,
  replaceHere,
  type Place,
  type Places,
  type RoomId,
  type Trail,
} from './place.ts';

const START: Trail = { past: [], here: { room: 'cases', params: {} }, future: [] };

export type Overlay = 'palette' | 'shortcuts' | 'jobs';

interface UiState {
  readonly trail: Trail;
  /** The case that lists are narrowed to; null: all cases. */
  readonly caseId: CaseId | null;
  readonly overlay: Overlay | null;
  readonly setCase: (caseId: CaseId | null) => void;
  readonly openOverlay: (overlay: Overlay | null) => void;
  readonly back: () => void;
  readonly forward: () => void;
  readonly go: (place: Place) => void;
  readonly replace: (place: Place) => void;
  /** After a lock nothing of the session remains. */
  readonly reset: () => void;
}

export const useUi = create<UiState>((set) => ({
  trail: START,
  caseId: null,
  overlay: null,
  setCase: (caseId) => set({ caseId }),
  openOverlay: (overlay) => set({ overlay }),
  back: () => set((s) => ({ trail: goBack(s.trail) })),
  forward: () => set((s) => ({ trail: goForward(s.trail) })),
  go: (place) => set((s) => ({ trail: goTo(s.trail, place), overlay: null })),
  replace: (place) => set((s) => ({ trail: replaceHere(s.trail, place) })),
  reset: () => set({ trail: START, caseId: null, overlay: null }),
}));

const placeOf = <R extends RoomId>(room: R, params: Places[R]): Place => ({ room, params }) as Place;

/** Goes to a room; a step that Alt+Left takes back. */
export const navigate = <R extends RoomId>(room: R, params: Places[R]): void =>
  useUi.getState().go(placeOf(room, params));

/** Changes the parameters of the room without a step in the trail. */
export const replacePlace = <R extends RoomId>(room: R, params: Places[R]): void =>
  useUi.getState().replace(placeOf(room, params));

const NOWHERE = {} as const;

/** The parameters of a room's place; empty while another room is shown. */
export const useParams = <R extends RoomId>(room: R): Places[R] =>
  useUi((s) => (s.trail.here.room === room ? (s.trail.here.params as Places[R]) : NOWHERE));
