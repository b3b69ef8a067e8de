// What a new workspace takes for a passphrase.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPassphrase, normalPassphrase } from '../../../electron/store/passphrase-policy.ts';

const weak = expect.objectContaining({ code: 'workspace.weak_passphrase' });

describe('passphrase policy', () => {
  it.each([
    'blue Horse 7 staples',
    'Tr4nsparent-Otter',
    'the quick otter signs the ledger',
    'grün-Apfel-19-Zug',
    'мой старый велосипед синий',
    'kv7#Rm2pX9qL',
    'my secret garden of old numbers',
    '日本語の合言葉は長くなければならない九十九',
  ])('accepts %s', (passphrase) => {
    expect(() => checkPassphrase(passphrase)).not.toThrow();
  });

  it.each([
    ['', 'too short'],
    ['Ab1!Ab1!Ab1', 'eleven characters'],
    ['onlysmallletter', 'one kind under twenty'],
    ['smallanddigit12', 'two kinds under twenty'],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', 'one letter'],
    ['AAAA1111!!!!AAAA1111', 'few different letters'],
    ['Abc1!xAbc1!xAbc1!x', 'a repeated piece'],
    ['abcdefghijklmnopqrstuvwxyz', 'the alphabet'],
    ['qwertyuiopasdfghjkl', 'the keyboard'],
    ['QwertyUiop123456789', 'the keyboard and digits'],
    ['12345678901234567890', 'digits in a row'],
    ['Passwort1234!', 'a common word with decoration'],
    ['P4$$w0rd!!2024', 'a common word in look-alikes'],
    ['correct horse battery staple', 'the famous example'],
    ['PasswordPasswordPassword', 'a common word repeated'],
  ])('refuses %s (%s)', (passphrase) => {
    expect(() => checkPassphrase(passphrase)).toThrow(weak);
  });

  it('never says the passphrase in its reason', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 40 }), (passphrase) => {
        try {
          checkPassphrase(passphrase);
        } catch (error) {
          expect(JSON.stringify(error)).not.toContain(passphrase);
        }
      }),
    );
  });

  it('counts characters, not UTF-16 units, and takes both spellings of an accent for one', () => {
    expect(() => checkPassphrase('😀😃😄😁😆😅a1B')).toThrow(weak);
    expect(normalPassphrase('Cafe\u0301')).toBe(normalPassphrase('Caf\u00e9'));
  });
});
