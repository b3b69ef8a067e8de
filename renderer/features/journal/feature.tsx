// The journal room: the app's own tamper-evident log.
import './journal.css';
import { BookText, Download, ShieldCheck } from 'lucide-react';
import type { Feature } from '../../state/feature.ts';
import { navigate } from '../../state/ui-store.ts';
import { JournalScreen } from './journal-screen.tsx';
import { JOURNAL_TEXT } from './text.ts';

export const journalFeature: Feature = {
  id: 'journal',
  title: JOURNAL_TEXT.title,
  icon: BookText,
  Screen: JournalScreen,
  commands: [
    {
      id: 'journal.verify',
      title: JOURNAL_TEXT.verifyCommand,
      keywords: 'check intact',
      icon: ShieldCheck,
      run: () => navigate('journal', { intent: 'verify' }),
    },
    {
      id: 'journal.export',
      title: JOURNAL_TEXT.exportCommand,
      keywords: 'save guardian jsonl',
      icon: Download,
      run: () => navigate('journal', { intent: 'export' }),
    },
  ],
  shortcuts: [],
};
