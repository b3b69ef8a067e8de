// What every story in the window begins with: a workspace with a passphrase, and a case.
import { join } from 'node:path';
import { answerOpenDialog, answerSaveDialog, type LaunchedApp } from './app.ts';

export const PASSPHRASE = 'Correct-Horse-Battery-7';

export const makeWorkspace = async ({ app, page }: LaunchedApp, folder: string): Promise<void> => {
  await page.getByRole('button', { name: /Create a workspace/u }).click();
  await answerSaveDialog(app, join(folder, 'work.probity'));
  await page.getByLabel('Name', { exact: true }).fill('Work');
  await page.getByLabel('Organisation').fill('Example Audit Office');
  await page.getByRole('button', { name: 'Choose place', exact: true }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.getByLabel('Passphrase again').fill(PASSPHRASE);
  await page.getByText('I have stored the passphrase').click();
  await page.getByRole('button', { name: 'Create workspace', exact: true }).click();
  await page.getByRole('navigation').getByText('Cases').waitFor({ timeout: 20_000 });
};

export const makeCase = async ({ page }: LaunchedApp, name: string): Promise<void> => {
  await page
    .getByRole('button', { name: /New case/u })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog
    .getByRole('button', { name: /Create|Make|New case/u })
    .last()
    .click();
  await page.getByRole('heading', { name }).waitFor();
};

/** Takes a log in through the audit room; ends where it can be verified. */
export const importLog = async (
  { app, page }: LaunchedApp,
  path: string,
  choose: 'Choose a file' | 'Choose a folder' = 'Choose a file',
): Promise<void> => {
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await page.getByRole('navigation').getByText('Audit logs').click();
  // With no log yet the form stands on the page; later it is behind its button.
  await button('Import a log').or(button(choose)).first().waitFor();
  if (!(await button(choose).isVisible())) await button('Import a log').first().click();
  await answerOpenDialog(app, path);
  await button(choose).click();
  await button('Verify').waitFor({ timeout: 30_000 });
};
