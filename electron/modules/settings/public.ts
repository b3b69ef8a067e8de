// What other modules may use of the settings.
export { getSettings, settingsRecord } from './service.ts';
