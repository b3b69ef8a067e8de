// The rooms of this version, in the order of the rail.
import { auditFeature } from '../features/audit/feature.tsx';
import { casesFeature } from '../features/cases/feature.tsx';
import { evidenceFeature } from '../features/evidence/feature.tsx';
import { journalFeature } from '../features/journal/feature.tsx';
import { settingsFeature } from '../features/settings/feature.tsx';
import type { Feature } from '../state/feature.ts';

export const FEATURES: readonly Feature[] = [
  casesFeature,
  auditFeature,
  evidenceFeature,
  journalFeature,
  settingsFeature,
];
