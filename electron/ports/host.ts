// What the surroundings offer: where files live, how a PDF is printed, how the user is asked for a file.
import type { OperationInput } from '../../shared/contract/index.ts';

export interface Host {
  readonly appVersion: string;
  /** The shipped read-only folder `resources/` (inside the archive when packaged). */
  readonly resourcesDir: string;
  /** The app's own data folder: recent list, the sample workspace. Never inside a workspace. */
  readonly userDataDir: string;
}

/** Prints a self-contained HTML document as a tagged PDF with an outline. */
export interface PdfPrinter {
  /** `footer` is Chromium's footer template; by default the page number. */
  print(html: string, footer?: string): Promise<Uint8Array>;
}

export interface Dialogs {
  /** Resolves to an absolute path, or null when the user cancels. */
  choose(purpose: OperationInput<'files.choose'>['purpose']): Promise<string | null>;
  chooseNew(
    purpose: OperationInput<'files.chooseNew'>['purpose'],
    suggestedName: string,
  ): Promise<string | null>;
}
