// The workspace's settings: one record, with defaults until it is first written.
import * as v from 'valibot';
import { DEFAULT_SETTINGS, Settings } from '../../../shared/model/workspace.ts';
import type { Put, Vault } from '../../store/vault.ts';

const ID = 'settings';

export const settingsRecord = (settings: Settings): Put => ({
  kind: 'settings',
  id: ID,
  caseId: null,
  body: settings,
});

export const getSettings = async (vault: Vault): Promise<Settings> => {
  const record = await vault.records.get('settings', ID);
  return record === null ? DEFAULT_SETTINGS : v.parse(Settings, record.body);
};
