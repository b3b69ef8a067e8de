// Gathers findings without letting a hostile file fill the memory, and never drops a grave one for a harmless one.
import { verdictClass, worse } from '../../../../../shared/model/verdict.ts';
import type { Finding, Verdict } from '../../../../../shared/model/verdict.ts';

export const MAX_FINDINGS = 100_000;

export class FindingList {
  readonly #grave: Finding[] = [];
  readonly #other: Finding[] = [];
  #counted = 0;
  #worst: Verdict | null = null;

  add(finding: Finding): void {
    this.#counted += 1;
    const { verdict } = finding;
    if (verdict !== undefined) this.#worst = this.#worst === null ? verdict : worse(this.#worst, verdict);
    const list = verdict !== undefined && verdictClass(verdict) === 'fail' ? this.#grave : this.#other;
    if (list.length < MAX_FINDINGS) list.push(finding);
  }

  /** The verdict of all findings, those not listed included, over `base` (see verdictOf). */
  verdict(base: Verdict): Verdict {
    return this.#worst === null ? base : worse(base, this.#worst);
  }

  /** In the order of the file; findings about the whole file first, remarks about it last. */
  listed(): { readonly findings: readonly Finding[]; readonly omitted: number } {
    const room = Math.max(0, MAX_FINDINGS - this.#grave.length);
    const findings = [...this.#grave, ...this.#other.slice(0, room)];
    findings.sort((a, b) => position(a) - position(b));
    return { findings, omitted: this.#counted - findings.length };
  }
}

const position = (finding: Finding): number =>
  finding.index ?? (finding.verdict === undefined ? Number.MAX_SAFE_INTEGER : -1);
