// Every screen of the packaged app in its three themes: axe finds nothing; and a walk with the keyboard alone.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { axeViolations } from '../support/axe.ts';
import { type LaunchedApp, launchApp } from '../support/app.ts';

let launched: LaunchedApp;
let page: Page;

beforeAll(async () => {
  launched = await launchApp();
  ({ page } = launched);
  page.setDefaultTimeout(20_000);
});
afterAll(() => launched?.close());

/** What the keyboard's focus is on, as its accessible name begins. */
const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');

const tabTo = async (text: RegExp): Promise<void> => {
  for (let step = 0; step < 60; step += 1) {
    if (text.test(await focused())) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard never reached ${String(text)}`);
};

describe('with the keyboard alone', () => {
  test('the sample is opened from the first screen, which axe finds nothing on', async () => {
    await page.getByRole('heading', { name: 'Probity' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await tabTo(/^Open the sample workspace/u);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The sample workspace is open' }).waitFor({ timeout: 60_000 });
    expect(await axeViolations(page)).toEqual([]);
    await tabTo(/^Go to the workspace/u);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Cases' }).waitFor();
  });

  test('rooms, command palette and shortcut list are reached and left', async () => {
    await page.keyboard.press('Control+2');
    await page.getByRole('heading', { name: 'Audit logs' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.type('journal');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Journal' }).waitFor();
    await page.keyboard.press('F1');
    await page.getByRole('dialog').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('the workspace is locked and opened again', async () => {
    await page.keyboard.press('Control+l');
    await page.getByLabel('Passphrase', { exact: true }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByLabel('Passphrase', { exact: true }).focus();
    await page.keyboard.type('sample workspace passphrase');
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').waitFor();
  });
});

describe.each(['Light', 'Dark', 'High contrast'])('in the theme %s', (theme) => {
  test('axe finds nothing in any room', async () => {
    await page.getByRole('navigation').getByText('Settings').click();
    await page.getByRole('button', { name: /Theme/u }).click();
    await page.getByRole('option', { name: theme }).click();
    for (const room of ['Settings', 'Cases', 'Audit logs', 'Evidence', 'Journal']) {
      await page.getByRole('navigation').getByText(room).click();
      await page.getByRole('heading', { name: room, exact: true }).waitFor();
      await page.waitForTimeout(400);
      expect(await axeViolations(page), `${room}, ${theme}`).toEqual([]);
    }
  });
});
