// The words of the evidence room.
export const EVIDENCE_TEXT = {
  title: 'Evidence',
  emptyTitle: 'No evidence pack has been made',
  emptyBody: 'Verify a log first; its result can then go into a signed pack.',
} as const;
