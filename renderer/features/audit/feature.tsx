// The audit room: imported logs and what their verification found.
import './audit.css';
import './verdict.css';
import './workbench.css';
import './reading/reading.css';
import { FileInput, ScrollText } from 'lucide-react';
import type { Feature } from '../../state/feature.ts';
import { navigate } from '../../state/ui-store.ts';
import { AuditScreen } from './audit-screen.tsx';
import { AUDIT_TEXT } from './text.ts';

export const auditFeature: Feature = {
  id: 'audit',
  title: AUDIT_TEXT.title,
  icon: ScrollText,
  Screen: AuditScreen,
  commands: [
    {
      id: 'audit.import',
      title: AUDIT_TEXT.importCommand,
      keywords: 'add open file folder log',
      keys: 'Mod+I',
      icon: FileInput,
      run: () => navigate('audit', { intent: 'import' }),
    },
  ],
  shortcuts: [
    { keys: 'Mod+Enter', does: 'Verify the log that is shown' },
    { keys: 'Alt+ArrowDown', does: 'Next record, while one is open' },
    { keys: 'Alt+ArrowUp', does: 'Previous record, while one is open' },
    { keys: 'Mod+ArrowRight', does: 'Next change, in the chain strip' },
    { keys: 'Shift+ArrowRight', does: 'Choose a longer stretch, in the timeline of a log' },
    { keys: 'Enter', does: 'Open the record at the cursor, in the chain strip' },
  ],
};
