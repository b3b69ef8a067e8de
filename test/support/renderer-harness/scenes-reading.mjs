// The scenes of the reading screen.

const LOG = 'portal-access-2026-03.jsonl';
const OTHER = 'portal-access-2026-02.jsonl';
const settle = async (page) => page.waitForTimeout(350);

const openReading = async (page, name = LOG) => {
  await page.keyboard.press('Control+2');
  await page.getByRole('rowheader', { name }).click();
  await page.getByRole('button', { name: 'Read the log' }).click();
  await settle(page);
};
const inGrid = async (page) => {
  await page.getByRole('grid', { name: 'Records of the log' }).waitFor();
  await settle(page);
};
const goTo = async (page, row) => {
  await page.keyboard.press('Control+g');
  await page.getByLabel('Record number').fill(String(row));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `Record ${row.toLocaleString('en')}` }).waitFor();
  await settle(page);
};

export const READING_SCENES = [
  {
    name: 'reading',
    query: '',
    steps: async (page) => {
      await openReading(page);
      await inGrid(page);
    },
  },
  {
    name: 'reading-building',
    query: '',
    steps: async (page) => {
      await openReading(page, OTHER);
      await page.getByRole('heading', { name: 'Building the index' }).waitFor();
      await page.waitForTimeout(900);
    },
  },
  {
    name: 'reading-record',
    query: '',
    steps: async (page) => {
      await openReading(page);
      await inGrid(page);
      await goTo(page, 78_412);
      await page.getByRole('textbox', { name: 'Note' }).waitFor();
    },
  },
  {
    name: 'reading-end',
    query: '',
    steps: async (page) => {
      await openReading(page);
      await inGrid(page);
      await page.getByRole('rowheader', { name: '0', exact: true }).click();
      await page.keyboard.press('Control+End');
      await page.getByRole('heading', { name: 'Record 9,999,999' }).waitFor();
      await settle(page);
    },
  },
  {
    name: 'reading-filter',
    query: '',
    steps: async (page) => {
      await openReading(page);
      await inGrid(page);
      await page.getByRole('button', { name: /^Actor: / }).click();
      await page.getByRole('option', { name: /svc-billing/u }).click();
      await page.getByRole('option', { name: /r\.tanaka/u }).click();
      await settle(page);
    },
  },
  {
    name: 'reading-search',
    query: '',
    steps: async (page) => {
      await openReading(page);
      await inGrid(page);
      await page.getByLabel('Text in the record').fill('patient/100999');
      await page.keyboard.press('Enter');
      await page.waitForTimeout(700);
    },
  },
  {
    name: 'reading-filtered',
    query: '',
    steps: async (page) => {
      await openReading(page);
      await inGrid(page);
      await page.getByLabel('From (UTC)').fill('2026-03-10 08:00');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^Result: / }).click();
      await page.getByRole('option', { name: /denied/u }).click();
      await page.keyboard.press('Escape');
      await settle(page);
      await page.getByRole('slider', { name: /Records over time/u }).focus();
      await page.keyboard.press('ArrowRight');
      for (let n = 0; n < 20; n += 1) await page.keyboard.press('Shift+ArrowRight');
      await settle(page);
    },
  },
  {
    name: 'reading-compare',
    query: '',
    steps: async (page) => {
      await openReading(page);
      await inGrid(page);
      await page.getByRole('rowheader', { name: '3', exact: true }).click();
      await page.keyboard.press('c');
      await page.keyboard.press('ArrowDown');
      await page.getByRole('heading', { name: /fields differ/u }).waitFor();
      await settle(page);
    },
  },
  {
    // By keyboard alone: select, note, save, bookmark gone with B only where no note is lost.
    name: 'reading-note',
    query: '',
    steps: async (page) => {
      await openReading(page);
      await inGrid(page);
      await page.getByRole('rowheader', { name: '5', exact: true }).click();
      await page.keyboard.press('n');
      await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA');
      await page.keyboard.type('Called the ward about this one');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('tab', { name: /Bookmarks\s*3/u }).waitFor();
      await settle(page);
    },
  },
  {
    name: 'reading-bookmarks',
    query: '',
    steps: async (page) => {
      await openReading(page);
      await inGrid(page);
      await page.getByRole('tab', { name: /Bookmarks/u }).click();
      await settle(page);
    },
  },
  {
    name: 'reading-nothing',
    query: '',
    steps: async (page) => {
      await openReading(page);
      await inGrid(page);
      await page.getByRole('button', { name: /^Actor: / }).click();
      await page.getByRole('option', { name: /backup-agent/u }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Result: / }).click();
      await page.getByRole('option', { name: /denied/u }).click();
      await page.keyboard.press('Escape');
      await page.getByText('No record passes these filters').waitFor();
      await settle(page);
    },
  },
];
