// The scenes of the audit and evidence rooms.

const settle = async (page) => page.waitForTimeout(200);
const room = (n) => async (page) => {
  await page.keyboard.press(`Control+${n}`);
  await settle(page);
};

/** From the log list to the newest verification of a log. */
const openVerification = async (page, name, run = 0) => {
  await room(2)(page);
  await page.getByRole('rowheader', { name }).click();
  await page.getByRole('table', { name: 'Verifications' }).getByRole('button').nth(run).click();
  await page.getByRole('region', { name: 'Verdict', exact: true }).waitFor();
  await settle(page);
};
const TAMPERED = 'portal-access-2026-03.jsonl';
const INTACT = 'portal-access-2026-02.jsonl';

export const AUDIT_SCENES = [
  { name: 'audit', query: '', steps: room(2) },
  { name: 'audit-empty', query: 'empty', steps: room(2) },
  {
    name: 'audit-start',
    query: 'empty',
    steps: async (page) => {
      await page.keyboard.press('Control+n');
      await page.getByLabel('Name', { exact: true }).fill('First case');
      await page.keyboard.press('Enter');
      await page.getByText('Nothing in this case yet').waitFor();
      await room(2)(page);
    },
  },
  {
    name: 'audit-import',
    query: '',
    steps: async (page) => {
      await room(2)(page);
      await page.getByRole('button', { name: 'Import a log', exact: true }).click();
      await page.getByRole('button', { name: 'Choose a file', exact: true }).waitFor();
    },
  },
  {
    name: 'audit-log',
    query: '',
    steps: async (page) => {
      await room(2)(page);
      await page.getByRole('rowheader', { name: TAMPERED }).click();
    },
  },
  {
    name: 'audit-log-trail',
    query: '',
    steps: async (page) => {
      await room(2)(page);
      await page.getByRole('rowheader', { name: 'AWSLogs' }).click();
      await page.getByRole('button', { name: 'Add a key or companion' }).click();
      await page.getByRole('textbox', { name: /Trusted head/u }).fill('not a digest');
    },
  },
  {
    name: 'audit-verifying',
    query: '',
    steps: async (page) => {
      await room(2)(page);
      await page.getByRole('rowheader', { name: TAMPERED }).click();
      await page.getByRole('button', { name: 'Verify', exact: true }).click();
      await page.waitForTimeout(900);
    },
  },
  { name: 'audit-tampered', query: '', steps: async (page) => openVerification(page, TAMPERED) },
  {
    name: 'audit-record',
    query: '',
    steps: async (page) => {
      await openVerification(page, TAMPERED);
      await page
        .getByRole('rowheader', { name: /Content does not match/u })
        .first()
        .click();
      await page.getByRole('heading', { name: 'Record 78,412', exact: true }).waitFor();
      await page.getByText('Recomputed').first().waitFor();
    },
  },
  {
    name: 'audit-strip',
    query: '',
    steps: async (page) => {
      await openVerification(page, TAMPERED);
      await page.getByRole('slider').focus();
      await page.keyboard.press('Control+ArrowRight');
      await page.getByRole('button', { name: 'Show as table' }).click();
    },
  },
  { name: 'audit-trail', query: '', steps: async (page) => openVerification(page, 'AWSLogs') },
  { name: 'audit-unanchored', query: '', steps: async (page) => openVerification(page, INTACT, 1) },
  {
    name: 'audit-head',
    query: '',
    steps: async (page) => {
      await openVerification(page, INTACT, 1);
      await page.getByRole('button', { name: 'Enter a trusted head' }).click();
      await page.getByRole('textbox', { name: 'Trusted head' }).fill('ab'.repeat(32));
    },
  },
  { name: 'audit-intact', query: '', steps: async (page) => openVerification(page, INTACT) },
  { name: 'evidence', query: '', steps: room(3) },
  { name: 'evidence-empty', query: 'empty', steps: room(3) },
  {
    name: 'evidence-report',
    query: '',
    steps: async (page) => {
      await openVerification(page, TAMPERED);
      await page.getByRole('button', { name: 'Create report' }).click();
      await page.getByText('The report is ready').waitFor();
      await page.getByRole('button', { name: 'Save PDF', exact: true }).click();
      await page.getByText(/Saved as/u).waitFor();
    },
  },
  {
    name: 'evidence-build',
    query: '',
    steps: async (page) => {
      await openVerification(page, TAMPERED);
      await page.getByRole('button', { name: 'Add to evidence pack' }).click();
      await page.getByRole('button', { name: 'Build and sign' }).waitFor();
    },
  },
  {
    name: 'evidence-pack',
    query: '',
    steps: async (page) => {
      await room(3)(page);
      await page.getByRole('button', { name: 'evidence-AUD-2026-014.zip', exact: true }).click();
      await page.getByText('How to hand it over').waitFor();
    },
  },
  {
    name: 'evidence-check-dialog',
    query: '',
    steps: async (page) => {
      await room(3)(page);
      await page.getByRole('button', { name: 'Verify a pack' }).click();
      await page.getByRole('button', { name: 'Choose a pack' }).click();
      await page.getByRole('button', { name: 'Choose a root certificate' }).click();
    },
  },
  ...['', 'altered'].map((query) => ({
    name: query === '' ? 'evidence-check' : 'evidence-check-invalid',
    query,
    steps: async (page) => {
      await room(3)(page);
      await page.getByRole('button', { name: 'Verify a pack' }).click();
      await page.getByRole('button', { name: 'Choose a pack' }).click();
      await page.getByRole('button', { name: 'Check this pack' }).click();
      await page.getByRole('region', { name: 'Pack check' }).waitFor();
    },
  })),
];
