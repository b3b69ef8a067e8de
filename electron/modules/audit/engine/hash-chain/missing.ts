// What is missing to verify a log wholly, named so that it can be fetched: a key, a recipe, a public key.
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { VerifyOptions } from '../format.ts';
import type { Prepared } from './prepare.ts';

export const missingFindings = (prepared: Prepared, options: VerifyOptions): readonly Finding[] => {
  const { hit, missing, keys, signature } = prepared;
  const { own, digest } = hit.recipe;
  const findings: Finding[] = [];
  const say = (message: string, verdict: boolean): void =>
    void findings.push({
      kind: 'KEY_MISSING',
      ...(verdict ? { verdict: 'UNVERIFIABLE' as const } : {}),
      message,
    });
  const given = options.keys.length;
  if (missing === 'key') {
    const which = given === 0 ? 'No key was given' : 'None of the keys given fits';
    say(
      `${which}: the hashes in ${own ?? 'this log'} are made with a secret key (${digest.keyed.toUpperCase()}), which the logger’s owner holds. The links between the records were checked, their content was not.`,
      true,
    );
  } else if (missing === 'recipe') {
    const which = keys.secrets.length === 0 ? '' : ` The ${given === 1 ? 'key' : 'keys'} given did not help.`;
    say(
      `The hashes in ${own ?? 'this log'} can’t be made anew from the records: most likely they are made with a secret key (HMAC), which is needed to verify them, or in a way not known here, which a recipe would describe.${which} The links between the records were checked, their content was not.`,
      true,
    );
  }
  if (signature !== null && signature.form === null) {
    const which =
      keys.publicKeys.length === 0 ? 'The public key is missing' : 'No public key given verifies any of them';
    say(
      `The records carry signatures in ${signature.field}. ${which}: the signer’s Ed25519 public key is needed (PEM, JWK, hex or base64) to check them.`,
      true,
    );
  } else if (signature !== null && signature.isEmbedded) {
    say(
      `The signatures in ${signature.field} fit a key that stands in the log itself (${signature.key?.name ?? ''}): that proves nothing against whoever can write the log. Give the signer’s public key from elsewhere.`,
      false,
    );
  }
  return findings;
};
