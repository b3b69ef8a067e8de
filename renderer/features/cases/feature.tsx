// The case room: a list of cases, and what is in the selected one.
import './cases.css';
import { Briefcase, Plus } from 'lucide-react';
import type { Feature } from '../../state/feature.ts';
import { navigate } from '../../state/ui-store.ts';
import { CasesScreen } from './cases-screen.tsx';
import { CASES_TEXT } from './text.ts';

export const casesFeature: Feature = {
  id: 'cases',
  title: CASES_TEXT.title,
  icon: Briefcase,
  Screen: CasesScreen,
  commands: [
    {
      id: 'cases.new',
      title: CASES_TEXT.newCase,
      keywords: 'create add file',
      keys: 'Mod+N',
      icon: Plus,
      run: () => navigate('cases', { intent: 'new' }),
    },
  ],
  shortcuts: [],
};
