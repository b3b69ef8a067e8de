// The evidence room: reports, signed packs, and the check of any pack.
import './evidence.css';
import { PackageCheck, PackagePlus, PackageSearch } from 'lucide-react';
import type { Feature } from '../../state/feature.ts';
import { navigate } from '../../state/ui-store.ts';
import { EvidenceScreen } from './evidence-screen.tsx';
import { EVIDENCE_TEXT } from './text.ts';

export const evidenceFeature: Feature = {
  id: 'evidence',
  title: EVIDENCE_TEXT.title,
  icon: PackageCheck,
  Screen: EvidenceScreen,
  commands: [
    {
      id: 'evidence.build',
      title: EVIDENCE_TEXT.buildPack,
      keywords: 'sign zip bagit export',
      keys: 'Mod+B',
      icon: PackagePlus,
      run: () => navigate('evidence', { intent: 'build' }),
    },
    {
      id: 'evidence.check',
      title: EVIDENCE_TEXT.checkPack,
      keywords: 'check signature zip',
      icon: PackageSearch,
      run: () => navigate('evidence', { intent: 'check' }),
    },
  ],
  shortcuts: [],
};
