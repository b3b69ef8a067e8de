// Opens the sample workspace in the packaged app and takes a picture of each room, in light, dark and high contrast.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchApp } from './app.ts';
import { ROOT } from './packaged.ts';

const folder = process.argv[2] ?? join(ROOT, '.cache', 'screenshots');
mkdirSync(folder, { recursive: true });

const launched = await launchApp();
const { page } = launched;
page.setDefaultTimeout(30_000);
await page.screenshot({ path: join(folder, 'first-run.png') });
await page.getByRole('button', { name: /Open the sample workspace/u }).click();
await page.getByRole('button', { name: 'Go to the workspace' }).click();

const room = async (name: string): Promise<void> => {
  await page.getByRole('navigation').getByText(name).click();
  await page.waitForTimeout(700);
};
for (const theme of ['light', 'dark', 'contrast'] as const) {
  const shot = (name: string) => page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  await room('Settings');
  await page.getByRole('button', { name: /Theme/u }).click();
  await page
    .getByRole('option', { name: { light: 'Light', dark: 'Dark', contrast: 'High contrast' }[theme] })
    .click();
  await page.waitForTimeout(500);
  await shot('settings');
  await room('Cases');
  await shot('cases');
  await room('Journal');
  await shot('journal');
  await room('Evidence');
  await shot('evidence');
  await room('Audit logs');
  await page.getByText('letter-assistant-export.jsonl').first().click();
  await page.waitForTimeout(500);
  await shot('audit');
  await page
    .getByRole('table', { name: 'Verifications' })
    .or(page.getByRole('grid', { name: 'Verifications' }))
    .getByText(/^\d{4}-\d\d-\d\d/u)
    .first()
    .click();
  await page.waitForTimeout(1200);
  await shot('verdict');
}
await launched.close();
copyFileSync(join(folder, 'verdict-light.png'), join(ROOT, 'resources', 'guide', 'audit-room.png'));
