// The words for verdicts and findings: all there, all different, and none that promises more than it may.
import { describe, expect, test } from 'vitest';
import { FINDING_TEXT, VERDICT_CLASS_TEXT, VERDICT_TEXT } from '../../../shared/model/verdict-text.ts';
import { FINDING_KINDS, VERDICTS, verdictClass } from '../../../shared/model/verdict.ts';

const SENTENCE = /^[A-Z].*[a-z]\.$/u;

describe('verdict texts', () => {
  test.each(VERDICTS)('%s is explained in whole sentences', (verdict) => {
    const { word, meaning, proves, doesNotProve, next } = VERDICT_TEXT[verdict];
    expect(word).toMatch(/^[A-Z][a-z-]+( [a-z-]+)*$/u);
    for (const text of [meaning, proves, doesNotProve, next]) expect(text).toMatch(SENTENCE);
    expect(VERDICT_CLASS_TEXT[verdictClass(verdict)]).not.toBe('');
  });

  test('no two verdicts share a word or a meaning', () => {
    expect(new Set(VERDICTS.map((verdict) => VERDICT_TEXT[verdict].word)).size).toBe(VERDICTS.length);
    expect(new Set(VERDICTS.map((verdict) => VERDICT_TEXT[verdict].meaning)).size).toBe(VERDICTS.length);
  });

  test('no text promises compliance, safety or truth', () => {
    const all = VERDICTS.flatMap((verdict) => Object.values(VERDICT_TEXT[verdict])).join(' ');
    expect(all).not.toMatch(/complian|certif|secure|guarantee|trustworthy/iu);
  });
});

describe('finding texts', () => {
  test.each(FINDING_KINDS)('%s has a title and a meaning', (kind) => {
    expect(FINDING_TEXT[kind].title).toMatch(/^[A-Z][a-z ]+$/u);
    expect(FINDING_TEXT[kind].meaning).toMatch(SENTENCE);
  });

  test('no two kinds share a title', () => {
    expect(new Set(FINDING_KINDS.map((kind) => FINDING_TEXT[kind].title)).size).toBe(FINDING_KINDS.length);
  });
});
