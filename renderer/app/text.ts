// The words of the frame: rail, top bar, job centre, palette, shortcuts.
export const APP_TEXT = {
  productName: 'Probity',
  skip: 'Skip to the main region',
  rooms: 'Rooms',
  topBar: 'Workspace',
  sample: 'Sample',
  sampleHelp: 'Everything in this workspace is made up. Use it to look around.',
  readOnly: 'Read only',
  readOnlyHelp: 'The workspace could be opened for reading only: nothing can be changed.',
  casePicker: 'Case',
  allCases: 'All cases',
  search: 'Commands',
  lockNow: 'Lock the workspace now',
  jobs: 'Jobs',
  jobsRunning: (n: number) => (n === 1 ? '1 running' : `${n} running`),
  jobsNone: 'Nothing has run yet. Imports, verifications, reports and packs show here while they work.',
  jobsCurrent: 'Running',
  jobsDone: 'Finished',
  jobOpen: 'Open result',
  jobTook: (duration: string) => `took ${duration}`,
  palette: 'Command palette',
  palettePlaceholder: 'Type a command, a case or a room',
  paletteEmpty: 'Nothing matches. Try another word.',
  paletteCount: (n: number) => (n === 1 ? '1 match' : `${n} matches`),
  groupCommand: 'Command',
  groupRoom: 'Room',
  groupCase: 'Case',
  shortcuts: 'Keyboard shortcuts',
  shortcutsEverywhere: 'Everywhere',
  shortcutsTables: 'In tables',
  shortcutsForms: 'In forms',
  or: 'or',
  crashedTitle: 'This screen stopped working',
  crashedBody:
    'The rest of Probity goes on and nothing that was stored is lost. Go back to the room, or lock and unlock the workspace.',
  crashedRetry: 'Show the screen again',
  statusFailed: 'Probity could not read the state of the workspace.',
  retry: 'Try again',
} as const;

export const GLOBAL_SHORTCUTS: readonly {
  readonly keys: string;
  readonly also?: string;
  readonly does: string;
}[] = [
  { keys: 'Mod+K', does: 'Open the command palette' },
  { keys: 'F1', also: '?', does: 'List the keyboard shortcuts' },
  { keys: 'Mod+J', does: 'Open the job centre' },
  { keys: 'Mod+L', does: 'Lock the workspace now' },
  { keys: 'F6', does: 'Go to the next region of the window' },
  { keys: 'Shift+F6', does: 'Go to the previous region' },
  { keys: 'Alt+ArrowLeft', does: 'Go back' },
  { keys: 'Alt+ArrowRight', does: 'Go forward' },
  { keys: 'Escape', does: 'Close a dialog, menu or popover' },
];

export const TABLE_SHORTCUTS: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: 'ArrowDown', does: 'Next row (all arrow keys move)' },
  { keys: 'PageDown', does: 'Next page of rows' },
  { keys: 'Mod+Home', does: 'First row' },
  { keys: 'Mod+End', does: 'Last row' },
  { keys: 'Enter', does: 'Open the row' },
  { keys: 'Mod+C', does: 'Copy the cell' },
];

export const FORM_SHORTCUTS: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: 'Mod+S', does: 'Save' },
  { keys: 'Mod+Z', does: 'Undo the last edit' },
  { keys: 'Mod+Shift+Z', does: 'Redo' },
];
