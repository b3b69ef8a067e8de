// Gathers findings without letting a hostile file fill the memory, and never drops a grave one for a harmless one.
import { verdictClass, worse } from '../../../../../shared/model/verdict.ts';
import type { Finding, Verdict } from '../../../../../shared/model/verdict.ts';

export const MAX_FINDINGS = 100_000;

/** The content of a list, to be added to another. */
export interface PackedFindings {
  readonly grave: readonly Finding[];
  readonly other: readonly Finding[];
  /** Those that were too many to keep included. */
  readonly counted: number;
  readonly worst: Verdict | null;
}

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

  /** How many grave findings are listed so far. */
  get graveCount(): number {
    return this.#grave.length;
  }

  packed(): PackedFindings {
    return { grave: this.#grave, other: this.#other, counted: this.#counted, worst: this.#worst };
  }

  /** Adds a later part's findings, each passed through `move` first. */
  pushPacked({ grave, other, counted, worst }: PackedFindings, move: (finding: Finding) => Finding): void {
    for (const [list, added] of [
      [this.#grave, grave],
      [this.#other, other],
    ] as const) {
      for (const finding of added.slice(0, MAX_FINDINGS - list.length)) list.push(move(finding));
    }
    this.#counted += counted;
    if (worst !== null) this.#worst = this.#worst === null ? worst : worse(this.#worst, worst);
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
