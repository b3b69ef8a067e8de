// The screens that the harness looks at: how to get there, with the keyboard where that is the natural way.

import { AUDIT_SCENES } from './scenes-audit.mjs';
import { READING_SCENES } from './scenes-reading.mjs';

const settle = async (page) => page.waitForTimeout(150);
const room = (n) => async (page) => {
  await page.keyboard.press(`Control+${n}`);
  await settle(page);
};

export const SCENES = [
  { name: 'first-run', query: 'start=none' },
  {
    name: 'create',
    query: 'start=none',
    steps: async (page) => {
      await page.getByRole('button', { name: /Create a workspace/u }).click();
      await page.getByLabel('Name', { exact: true }).fill('Audits 2027');
      await page.getByLabel('Passphrase', { exact: true }).fill('lantern orbit saddle');
    },
  },
  {
    name: 'create-refused',
    query: 'start=none',
    steps: async (page) => {
      await page.getByRole('button', { name: /Create a workspace/u }).click();
      await page.getByLabel('Name', { exact: true }).fill('Audits 2027');
      await page.getByLabel('Passphrase', { exact: true }).fill('lanternorbit');
      await page.getByRole('button', { name: 'Create workspace' }).click();
      await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
    },
  },
  { name: 'lock', query: 'start=locked' },
  {
    name: 'lock-wrong',
    query: 'start=locked',
    steps: async (page) => {
      await page.getByLabel('Passphrase', { exact: true }).fill('not it');
      await page.keyboard.press('Enter');
      await page.getByText(/does not open/u).waitFor();
    },
  },
  {
    name: 'sample-ready',
    query: 'start=none',
    steps: async (page) => {
      await page.getByRole('button', { name: /sample workspace/u }).click();
      await page.getByRole('button', { name: /Go to the workspace/u }).waitFor();
    },
  },
  { name: 'cases', query: '' },
  {
    name: 'case-detail',
    query: '',
    steps: async (page) => {
      await page.getByRole('rowheader').first().click();
      await page.getByRole('heading', { name: 'Case details' }).waitFor();
    },
  },
  { name: 'cases-empty', query: 'empty' },
  {
    name: 'case-new-contents',
    query: 'empty',
    steps: async (page) => {
      await page.keyboard.press('Control+n');
      await page.getByLabel('Name', { exact: true }).fill('Second look at the badge readers');
      await page.keyboard.press('Enter');
      await page.getByText('Nothing in this case yet').waitFor();
    },
  },
  {
    name: 'case-new-dialog',
    query: '',
    steps: async (page) => {
      await page.keyboard.press('Control+n');
      await page.getByRole('button', { name: 'Create case' }).click();
    },
  },
  ...AUDIT_SCENES,
  ...READING_SCENES,
  {
    name: 'journal',
    query: '',
    steps: async (page) => {
      await room(4)(page);
      await page.getByRole('row').nth(3).getByRole('gridcell').nth(1).click();
    },
  },
  { name: 'journal-altered', query: 'altered', steps: room(4) },
  {
    name: 'journal-exported',
    query: '',
    steps: async (page) => {
      await room(4)(page);
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByText(/written to/u).waitFor();
    },
  },
  { name: 'settings', query: '', steps: room(5) },
  {
    name: 'palette',
    query: '',
    steps: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('jour');
    },
  },
  {
    name: 'select-open',
    query: '',
    steps: async (page) => {
      await page.locator('.case-picker button').click();
      await page.getByRole('listbox').waitFor();
    },
  },
  { name: 'shortcuts', query: '', steps: async (page) => page.keyboard.press('F1') },
  {
    name: 'jobs',
    query: '',
    steps: async (page) => {
      await page.evaluate(() => window.harness.runJob('portal-access-2026-04.jsonl', 60));
      await page.waitForTimeout(1500);
      await page.keyboard.press('Control+j');
    },
  },
  {
    name: 'toast',
    query: '',
    steps: async (page) => {
      await page.evaluate(() => window.harness.runJob('portal-access-2026-04.jsonl', 2));
      await page
        .getByText(/Tampered: portal/u)
        .first()
        .waitFor();
    },
  },
];
