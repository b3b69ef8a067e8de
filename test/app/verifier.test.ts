// An unknown hash chain by hand in the packaged app: archive, recipe, script, one's own recipe; then reading the log.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answerSaveDialog, type LaunchedApp, launchApp } from '../support/app.ts';
import { axeViolations } from '../support/axe.ts';
import { importLog, makeCase, makeWorkspace } from '../support/first-steps.ts';

const folder = mkdtempSync(join(tmpdir(), 'probity-verifier-'));
/** Where pictures go when they are wanted: PROBITY_PICTURES names a folder. */
const pictures = process.env['PROBITY_PICTURES'];

let launched: LaunchedApp;
let page: Page;

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const picture = async (name: string): Promise<void> => {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`) });
};
const verdict = () => page.getByRole('region', { name: 'Verdict' });

/** SHA-256 over the previous hash, a bar, and the compact record; one record edited afterwards. */
const chain = (count: number, edited: number): string[] => {
  let prev = '';
  return Array.from({ length: count }, (_, seq) => {
    const body = {
      action: ['login', 'read', 'export', 'delete'][seq % 4],
      actor: ['alice', 'bob', 'carol'][seq % 3],
      at: new Date(Date.UTC(2026, 1, 1) + seq * 60_000).toISOString(),
      result: seq % 9 === 0 ? 'denied' : 'success',
      seq,
    };
    const hash = createHash('sha256')
      .update(`${prev}|${JSON.stringify(body)}`)
      .digest('hex');
    const record = { ...body, prev_hash: prev, hash };
    prev = hash;
    return JSON.stringify(seq === edited ? { ...record, result: 'success' } : record);
  });
};

beforeAll(async () => {
  writeFileSync(join(folder, 'assistant.jsonl'), `${chain(400, 99).join('\n')}\n`);
  execFileSync('tar', ['-C', folder, '-czf', join(folder, 'assistant.tar.gz'), 'assistant.jsonl']);
  launched = await launchApp();
  ({ page } = launched);
  page.setDefaultTimeout(15_000);
  await makeWorkspace(launched, folder);
  await makeCase(launched, 'What the assistant did');
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

describe('an auditor with a hash chain that nobody described', () => {
  test('drops the archive and is told which record was edited, and how the log is hashed', async () => {
    await importLog(launched, join(folder, 'assistant.tar.gz'));
    await page.getByText('Keys, evidence from outside, recipe').click();
    expect(await axeViolations(page)).toEqual([]);
    await picture('verify-form');
    await button('Verify').click();
    await verdict().getByText('Tampered').first().waitFor({ timeout: 60_000 });
    const findings = page.getByRole('grid', { name: /Findings/u });
    await findings.getByRole('row').nth(1).click();
    await page.getByText('Record 99').first().waitFor();
    await page.getByRole('heading', { name: 'How it was hashed' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('heading', { name: 'How it was hashed' }).scrollIntoViewIfNeeded();
    await picture('recipe');
  });

  test('saves the recipe as a script that finds the same record without Probity', async () => {
    const script = join(folder, 'check.py');
    await answerSaveDialog(launched.app, script);
    await button('Save as a Python script').click();
    await expect.poll(() => existsSync(script), { timeout: 15_000 }).toBe(true);
    const ran = spawnSync('python3', [script, join(folder, 'assistant.jsonl')], { encoding: 'utf8' });
    if (ran.error === undefined) {
      expect(ran.status).toBe(1);
      expect(ran.stdout).toMatch(/\b99\b/u);
    } else console.warn('SKIPPED: no python3, so the exported script was not run');
  });

  test('keeps the recipe under a name and verifies with it, as edited', async () => {
    await button('Save as a recipe').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Assistant log');
    await dialog.getByRole('button', { name: 'Save as a recipe' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await button('Edit and verify with it').click();
    const json = page.getByRole('textbox', { name: 'Recipe as JSON' });
    await json.waitFor();
    const recipe = await json.inputValue();
    await json.fill(recipe.replace('"sha256"', '"sha999"'));
    await page
      .getByText(/algorithm/u)
      .first()
      .waitFor();
    await json.fill(recipe);
    await page
      .getByText(/SHA-256 of/u)
      .first()
      .waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture('recipe-edit');
    await button('Verify').click();
    await verdict().getByText('Tampered').first().waitFor({ timeout: 60_000 });
  });

  test('reads the log: filters it, finds text in it, bookmarks a record with a note, compares two', async () => {
    await button('Read the log').first().click();
    const grid = page.getByRole('grid', { name: 'Records of the log' });
    await grid.or(button('Build the index')).first().waitFor({ timeout: 30_000 });
    if (await button('Build the index').isVisible()) await button('Build the index').click();
    await grid.waitFor({ timeout: 30_000 });
    await page.getByText('400 records').first().waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture('reading');
    await grid.getByRole('row').nth(3).click();
    await page.keyboard.press('b');
    await page.getByText('Bookmarked', { exact: true }).first().waitFor();
    await page.getByLabel('Text in the record').fill('delete');
    await page.keyboard.press('Enter');
    await page.getByText('100 of 400 records').first().waitFor({ timeout: 30_000 });
    await picture('reading-found');
    expect(await axeViolations(page)).toEqual([]);
  });

  test('finds the bookmark in the journal, without its content', async () => {
    await page.getByRole('navigation').getByText('Journal').click();
    await page
      .getByText(/reading\.bookmark/u)
      .first()
      .waitFor();
  });

  test('hands out one record, proved without the others, in a pack that verify.py accepts', async () => {
    await page.getByRole('navigation').getByText('Evidence').click();
    const out = join(folder, 'one-record.zip');
    await button(/Build (?:a|an) (?:evidence )?pack/u)
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    const older = dialog.getByRole('group').getByRole('checkbox');
    await older.first().waitFor();
    await dialog.getByLabel('Records to quote').fill('9-3');
    await dialog.getByText('Write numbers and ranges').waitFor();
    await dialog.getByLabel('Records to quote').fill('57');
    await dialog.getByText('Include the logs', { exact: false }).first().click();
    expect(await axeViolations(page)).toEqual([]);
    await picture('build-quote');
    await answerSaveDialog(launched.app, out);
    await dialog.getByRole('button', { name: 'Build and sign' }).click();
    await expect.poll(() => existsSync(out), { timeout: 60_000 }).toBe(true);
    const listed = spawnSync('python3', ['-m', 'zipfile', '-l', out], { encoding: 'utf8' });
    if (listed.error !== undefined) {
      console.warn('SKIPPED: no python3, so the pack was not checked by verify.py');
      return;
    }
    expect(listed.stdout).toContain('records/57.json');
    expect(listed.stdout).not.toContain('evidence/');
    execFileSync('python3', ['-m', 'zipfile', '-e', out, join(folder, 'unpacked')]);
    const [inner] = readdirSync(join(folder, 'unpacked'));
    const pack = join(folder, 'unpacked', inner ?? '');
    const checked = spawnSync('python3', [join(pack, 'verify.py'), pack], { encoding: 'utf8' });
    expect(checked.stdout).toContain('1 proved to be in the log of 400 records');
    expect(checked.status).toBe(0);
  });
});
