// The settings room.
import './settings.css';
import { FileKey2, Palette, Settings as SettingsIcon } from 'lucide-react';
import type { Feature } from '../../state/feature.ts';
import { navigate } from '../../state/ui-store.ts';
import { SettingsScreen } from './settings-screen.tsx';
import { SETTINGS_TEXT } from './text.ts';

export const settingsFeature: Feature = {
  id: 'settings',
  title: SETTINGS_TEXT.title,
  icon: SettingsIcon,
  Screen: SettingsScreen,
  commands: [
    {
      id: 'settings.look',
      title: 'Change theme or density',
      keywords: 'dark light contrast compact rows appearance',
      icon: Palette,
      run: () => navigate('settings', { section: 'look' }),
    },
    {
      id: 'settings.identity',
      title: 'Show the signing fingerprint',
      keywords: 'certificate root export key identity',
      icon: FileKey2,
      run: () => navigate('settings', { section: 'identity' }),
    },
  ],
  shortcuts: [],
};
