// Four bars and a sentence: how strong the passphrase is.
import { assessPassphrase, type Strength } from './passphrase-strength.ts';
import { STRENGTH_TEXT, WORKSPACE_TEXT } from './text.ts';

const strengthWords = (strength: Strength): string => {
  switch (strength.verdict) {
    case 'short':
      return STRENGTH_TEXT.short(strength.missing);
    case 'kinds':
      return STRENGTH_TEXT.kinds(strength.missing);
    default:
      return STRENGTH_TEXT[strength.verdict];
  }
};

export const StrengthMeter = ({ passphrase }: { readonly passphrase: string }) => {
  const strength = assessPassphrase(passphrase);
  return (
    <div className="strength" data-level={strength.level}>
      <span className="strength-bars" aria-hidden>
        {[1, 2, 3, 4].map((bar) => (
          <span key={bar} className="strength-bar" data-on={bar <= strength.level ? '' : undefined} />
        ))}
      </span>
      <span role="status">
        <span className="visually-hidden">{WORKSPACE_TEXT.strength}: </span>
        {strengthWords(strength)}
      </span>
    </div>
  );
};
