// The auditor's job by hand in the packaged app: workspace, case, import, verdict, record, trusted head, report, pack, check.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { writeSampleLogs } from '../../electron/modules/sample/public.ts';
import { answerOpenDialog, answerSaveDialog, type LaunchedApp, launchApp } from '../support/app.ts';
import { axeViolations } from '../support/axe.ts';

const PASSPHRASE = 'Correct-Horse-Battery-7';
const folder = mkdtempSync(join(tmpdir(), 'probity-e2e-'));
/** Where pictures go when they are wanted: PROBITY_PICTURES names a folder. */
const pictures = process.env['PROBITY_PICTURES'];

let launched: LaunchedApp;
let page: Page;
let logs: Awaited<ReturnType<typeof writeSampleLogs>>;

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const picture = async (name: string): Promise<void> => {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`) });
};

beforeAll(async () => {
  mkdirSync(join(folder, 'exports'));
  logs = await writeSampleLogs(join(folder, 'exports'));
  launched = await launchApp();
  ({ page } = launched);
  page.setDefaultTimeout(15_000);
});

afterAll(async () => {
  await launched?.close();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  process.stderr.write(launched.said.join(''));
  await picture(`failed-${task.name.slice(0, 30)}`);
});

describe('an auditor', () => {
  test('makes a workspace with a passphrase', async () => {
    await button(/Create a workspace/u).click();
    await answerSaveDialog(launched.app, join(folder, 'work.probity'));
    await page.getByLabel('Name', { exact: true }).fill('Work');
    await page.getByLabel('Organisation').fill('Example Audit Office');
    await button('Choose place').click();
    await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await page.getByLabel('Passphrase again').fill(PASSPHRASE);
    await page.getByText('I have stored the passphrase').click();
    expect(await axeViolations(page)).toEqual([]);
    await picture('create');
    await button('Create workspace').click();
    await page.getByRole('navigation').getByText('Cases').waitFor({ timeout: 20_000 });
    expect(existsSync(join(folder, 'work.probity', 'vault.db'))).toBe(true);
  });

  test('makes a case', async () => {
    await button(/New case/u)
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Night of 7 November');
    await dialog.getByLabel('Reference').fill('AUD-2026-014');
    await dialog
      .getByRole('button', { name: /Create|Make|New case/u })
      .last()
      .click();
    await page.getByRole('heading', { name: 'Night of 7 November' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  const importAndVerify = async (path: string, choose: string): Promise<void> => {
    await page.getByRole('navigation').getByText('Audit logs').click();
    // With no log yet the form stands on the page; later it is behind its button.
    await button('Import a log').or(button(choose)).first().waitFor();
    if (!(await button(choose).isVisible())) await button('Import a log').first().click();
    await answerOpenDialog(launched.app, path);
    await button(choose).click();
    await button('Verify').waitFor({ timeout: 30_000 });
    await button('Verify').click();
    await page.getByRole('region', { name: 'Verdict' }).waitFor({ timeout: 60_000 });
  };

  test('finds a tampered CloudTrail folder', async () => {
    await importAndVerify(logs.cloudtrail, 'Choose a folder');
    await page.getByRole('region', { name: 'Verdict' }).getByText('Tampered').first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture('cloudtrail');
  });

  test('finds the edited record of a Guardian log and sees the bytes that were hashed', async () => {
    await importAndVerify(logs.tampered, 'Choose a file');
    await page.getByRole('region', { name: 'Verdict' }).getByText('Tampered').first().waitFor();
    await picture('verdict');
    const findings = page.getByRole('grid', { name: /Findings/u });
    await findings.getByRole('row').nth(1).click();
    await page.getByText('event_hash').first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture('record');
  });

  test('anchors a genuine log with the trusted head of the security officer', async () => {
    await importAndVerify(logs.genuine, 'Choose a file');
    await page.getByRole('region', { name: 'Verdict' }).getByText('unanchored').first().waitFor();
    await button('Enter a trusted head').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').first().fill(logs.head);
    await dialog.getByRole('button', { name: 'Verify with this head' }).click();
    await page
      .getByRole('region', { name: 'Verdict' })
      .getByText('Intact', { exact: true })
      .first()
      .waitFor({ timeout: 30_000 });
  });

  test('makes a report and saves it as a tagged PDF', async () => {
    await button('Create report').click();
    const save = button(/Save PDF/u).first();
    await save.waitFor({ timeout: 60_000 });
    const out = join(folder, 'report.pdf');
    await answerSaveDialog(launched.app, out);
    await save.click();
    await expect.poll(() => existsSync(out), { timeout: 20_000 }).toBe(true);
    const pdf = readFileSync(out).toString('latin1');
    expect(pdf).toMatch(/\/MarkInfo\s*<<[^>]*\/Marked true/u);
    expect(pdf).toMatch(/\/Lang\s*\(en\)/u);
    expect(pdf).toContain('/Outlines');
  });

  test('builds a pack that openssl accepts with the exported root certificate', async () => {
    await page.getByRole('navigation').getByText('Evidence').click();
    const root = join(folder, 'root.pem');
    await answerSaveDialog(launched.app, root);
    await button('Export root certificate').click();
    await expect.poll(() => existsSync(root)).toBe(true);
    await button('Build a pack').first().click();
    const out = join(folder, 'pack.zip');
    await answerSaveDialog(launched.app, out);
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Build and sign/u })
      .click();
    await expect.poll(() => existsSync(out), { timeout: 60_000 }).toBe(true);
    expect(spawnSync('unzip', ['-q', out, '-d', join(folder, 'unpacked')]).status).toBe(0);
    const openssl = spawnSync('sh', [
      '-c',
      `cd ${folder}/unpacked/* && openssl cms -verify -binary -inform PEM -in signatures/tagmanifest-sha256.txt.p7s -content tagmanifest-sha256.txt -CAfile ${root} -out /dev/null`,
    ]);
    expect(openssl.status).toBe(0);
    await picture('pack');
    expect(await axeViolations(page)).toEqual([]);
  });

  test('checks the pack, each step named with its result', async () => {
    await page.getByRole('navigation').getByText('Evidence').click();
    await button('Verify a pack').first().click();
    await answerOpenDialog(launched.app, join(folder, 'pack.zip'));
    await button('Choose a pack').click();
    await answerOpenDialog(launched.app, join(folder, 'root.pem'));
    await button('Choose a root certificate').click();
    await button('Check this pack').click();
    await page
      .getByText('signer-trust')
      .or(page.getByText('Passed').first())
      .first()
      .waitFor({ timeout: 60_000 });
    await picture('check');
    expect(await axeViolations(page)).toEqual([]);
  });

  test('locks, sees nothing any more, and comes back with the passphrase', async () => {
    await page.keyboard.press('Control+l');
    const field = page.getByLabel('Passphrase', { exact: true });
    await field.waitFor({ timeout: 20_000 });
    expect(await page.getByText('Night of 7 November').count()).toBe(0);
    await field.fill('not the passphrase at all');
    await button('Unlock').click();
    await page.getByText('does not open this workspace').first().waitFor({ timeout: 20_000 });
    await field.fill(PASSPHRASE);
    await button('Unlock').click();
    await page.getByRole('navigation').getByText('Journal').click({ timeout: 20_000 });
    await page.getByText('workspace.unlock').first().waitFor({ timeout: 20_000 });
    expect(await axeViolations(page)).toEqual([]);
    await picture('journal');
  });

  test('meets no complaint of the page on the whole way', () => {
    expect(launched.complaints).toEqual([]);
  });
});
