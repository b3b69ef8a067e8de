// Binds the operations on settings.
import type { Settings } from '../../../shared/model/workspace.ts';
import type { HandlersOf } from '../../gateway/operation-context.ts';
import { getSettings, settingsRecord } from './service.ts';

/** `changed` hears of new settings: the shell's idle lock follows them. */
export const settingsHandlers = (changed: (settings: Settings) => void): HandlersOf<'settings'> => ({
  'settings.get': (_input, { vault }) => getSettings(vault),
  'settings.set': (settings, { stage, after }) => {
    stage(settingsRecord(settings));
    after(() => changed(settings));
    return settings;
  },
});
