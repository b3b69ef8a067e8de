// Where the result of a job is shown.
import type { ImportId, PackId, ReportId, VerificationId } from '../../shared/model/ids.ts';
import type { Job } from '../../shared/model/job.ts';
import type { RoomId } from '../state/place.ts';
import { navigate } from '../state/ui-store.ts';

/** The room in which the job's result appears by itself. */
export const roomOf = (job: Job): RoomId => (job.kind.startsWith('audit.') ? 'audit' : 'evidence');

/** Goes to what the job made; null while there is nothing to show. */
export const openResult = (job: Job): (() => void) | null => {
  if (job.state !== 'succeeded') return null;
  if (job.kind === 'evidence.verify') return () => navigate('evidence', { checkJobId: job.id });
  const { result } = job;
  if (result === null) return null;
  switch (job.kind) {
    case 'audit.import':
      return () => navigate('audit', { importId: result as ImportId });
    case 'audit.index':
      return () => navigate('audit', { importId: result as ImportId, intent: 'read' });
    // What a search found is shown where it was asked for.
    case 'audit.search':
      return null;
    case 'audit.verify':
      return () => navigate('audit', { verificationId: result as VerificationId });
    case 'report.create':
      return () => navigate('evidence', { reportId: result as ReportId });
    case 'evidence.build':
      return () => navigate('evidence', { packId: result as PackId });
  }
};
