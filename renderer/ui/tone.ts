// The five tones of the interface and their icons: a state is always an icon, a word and a colour together.
import { CircleCheck, CircleDashed, Info, OctagonX, TriangleAlert, type LucideIcon } from 'lucide-react';

export type Tone = 'neutral' | 'info' | 'pass' | 'attention' | 'fail';

export const TONE_ICONS: Readonly<Record<Tone, LucideIcon>> = {
  neutral: CircleDashed,
  info: Info,
  pass: CircleCheck,
  attention: TriangleAlert,
  fail: OctagonX,
};
