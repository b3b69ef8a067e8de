// Asks the user for files and folders with the system's own dialogs: the only way by which a path enters.
import type { FileFilter, OpenDialogOptions, SaveDialogOptions } from 'electron';
import type { Dialogs } from '../ports/host.ts';

type ChoosePurpose = Parameters<Dialogs['choose']>[0];
type NewPurpose = Parameters<Dialogs['chooseNew']>[0];

/** The part of Electron's dialog that is used, bound to the window by the caller. */
export interface DialogApi {
  open(
    options: OpenDialogOptions,
  ): Promise<{ readonly canceled: boolean; readonly filePaths: readonly string[] }>;
  save(options: SaveDialogOptions): Promise<{ readonly canceled: boolean; readonly filePath: string }>;
}

const ALL: FileFilter = { name: 'All files', extensions: ['*'] };
const CERTIFICATES: FileFilter = { name: 'Certificates', extensions: ['pem', 'crt', 'cer', 'der'] };

interface OpenSpec {
  readonly title: string;
  readonly folder: boolean;
  readonly filters: readonly FileFilter[];
}

export const OPEN: Readonly<Record<ChoosePurpose, OpenSpec>> = {
  'log-file': {
    title: 'Choose a log',
    folder: false,
    // Logs have many endings, and often none.
    filters: [ALL],
  },
  'log-folder': { title: 'Choose a folder of logs', folder: true, filters: [] },
  key: {
    title: 'Choose a key file',
    folder: false,
    filters: [{ name: 'Keys', extensions: ['json', 'pem', 'der', 'pub', 'key'] }, ALL],
  },
  head: { title: 'Choose the file that holds the trusted head', folder: false, filters: [ALL] },
  anchor: {
    title: 'Choose a checkpoint, timestamp, proof or earlier report',
    folder: false,
    filters: [ALL],
  },
  data: { title: 'Choose the file that the proof is about', folder: false, filters: [ALL] },
  recipe: {
    title: 'Choose a recipe',
    folder: false,
    filters: [{ name: 'Recipes', extensions: ['json'] }, ALL],
  },
  pack: {
    title: 'Choose an evidence pack',
    folder: false,
    filters: [{ name: 'Evidence packs', extensions: ['zip'] }, ALL],
  },
  certificate: { title: 'Choose a root certificate', folder: false, filters: [CERTIFICATES, ALL] },
  workspace: { title: 'Choose a workspace', folder: true, filters: [] },
};

interface SaveSpec {
  readonly title: string;
  readonly extension: string;
  readonly filter: string;
}

export const SAVE: Readonly<Record<NewPurpose, SaveSpec>> = {
  workspace: {
    title: 'Where shall the workspace be kept?',
    extension: 'probity',
    filter: 'Probity workspaces',
  },
  pack: { title: 'Save the evidence pack', extension: 'zip', filter: 'Evidence packs' },
  'report-pdf': { title: 'Save the report', extension: 'pdf', filter: 'PDF documents' },
  'report-html': { title: 'Save the report', extension: 'html', filter: 'Web pages' },
  journal: { title: 'Save the journal', extension: 'jsonl', filter: 'Guardian chains' },
  certificate: { title: 'Save the root certificate', extension: 'pem', filter: 'Certificates' },
  script: { title: 'Save the script', extension: 'py', filter: 'Python scripts' },
  recipe: { title: 'Save the recipe', extension: 'json', filter: 'Recipes' },
  'fork-proof': { title: 'Save the proof of two histories', extension: 'json', filter: 'Fork proofs' },
};

/** The page's suggestion as a plain file name: no folders, no characters that a file system or a shell treats specially. */
export const safeFileName = (suggested: string, extension: string): string => {
  const suffix = `.${extension}`;
  const stem = (suggested.toLowerCase().endsWith(suffix) ? suggested.slice(0, -suffix.length) : suggested)
    // oxlint-disable-next-line no-control-regex -- control characters are what is to be removed
    .replaceAll(/[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069\\/:*?"<>|]+/gu, '-')
    .replace(/^[.\s-]+/u, '')
    .slice(0, 120)
    .replace(/[.\s]+$/u, '');
  return `${stem === '' ? 'probity' : stem}${suffix}`;
};

export const makeDialogs = (dialog: DialogApi): Dialogs => ({
  choose: async (purpose) => {
    const spec = OPEN[purpose];
    const { canceled, filePaths } = await dialog.open({
      title: spec.title,
      filters: [...spec.filters],
      properties: [spec.folder ? 'openDirectory' : 'openFile', 'dontAddToRecent'],
    });
    return canceled ? null : (filePaths[0] ?? null);
  },
  chooseNew: async (purpose, suggestedName) => {
    const spec = SAVE[purpose];
    const { canceled, filePath } = await dialog.save({
      title: spec.title,
      defaultPath: safeFileName(suggestedName, spec.extension),
      filters: [{ name: spec.filter, extensions: [spec.extension] }],
      properties: ['createDirectory', 'showOverwriteConfirmation', 'dontAddToRecent'],
    });
    return canceled || filePath === '' ? null : filePath;
  },
});
