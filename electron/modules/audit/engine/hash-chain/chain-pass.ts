// What happens to each record while a log streams by: its hash is recomputed, its links are noted, its signature is checked.
import { innerRecipe, isLinked } from '../../../../../shared/chain/recipe.ts';
import type { Recipe } from '../../../../../shared/chain/recipe.ts';
import type { Finding } from '../../../../../shared/model/verdict.ts';
import type { Link } from '../guardian/link-tracker.ts';
import { stepBetween } from '../guardian/sequence.ts';
import type { Place, RecordHandler } from '../lines/record-stream.ts';
import { placed, quoted } from '../lines/unread-records.ts';
import { ChainSet } from './chain-set.ts';
import type { Chain } from './chain-set.ts';
import { digester, digestHex } from './digests.ts';
import { GENESIS_TEXTS, isGenesis } from './genesis.ts';
import { Diagnosis } from './diagnosis.ts';
import { RecordHasher } from './hasher.ts';
import { reproduced } from './reproduce.ts';
import { Notes } from './notes.ts';
import { PendingParents } from './pending-parents.ts';
import type { ReadRecord } from './preimage.ts';
import type { Layout } from './record-reader.ts';
import { Repairs } from './repair.ts';
import type { Hit } from './search.ts';
import { isSignedBy, signatureBytes } from './signatures.ts';
import type { SignatureFinding } from './signatures.ts';
import { fieldAt } from './fields.ts';

export interface PassSetup {
  readonly hit: Hit;
  readonly alternates: readonly Hit[];
  /** false when no recipe is known: then only the links are checked. */
  readonly isHashKnown: boolean;
  readonly layout: Layout;
  readonly counter: string | null;
  readonly signature: SignatureFinding | null;
}

const HEX_256 = 32;
const TAUGHT = 64;
const RECENT = 64;
const MAX_ALTERED = 100_000;

export class ChainPass implements RecordHandler {
  readonly notes: Notes;
  readonly chains: ChainSet;
  readonly #setup: PassSetup;
  readonly #hasher: RecordHasher;
  readonly #repairs: Repairs;
  readonly #diagnosis: Diagnosis;
  readonly #pending: PendingParents;
  readonly #roots: ReadonlySet<string>;
  readonly #isLinked: boolean;
  readonly #isPlainHex: boolean;
  readonly #inner: readonly Hit[];
  readonly #innerRepairs: ReadonlyMap<Hit, Repairs>;
  /** Own hashes of the latest records of each chain, where the previous hash isn't stored. */
  readonly #recent = new Map<Chain, string[]>();
  readonly #lastIds = new Map<Chain, string>();
  readonly #lastMade = new Map<Chain, string>();
  /** Records whose own hash does not fit, and nothing explains why. */
  readonly altered = new Set<number>();
  /** Records whose signature was checked and is valid. */
  signed = 0;
  /** The last record that could be read. */
  lastIndex = -1;

  constructor(setup: PassSetup) {
    const { recipe, key } = setup.hit;
    this.#setup = setup;
    this.notes = new Notes(setup.layout.csv !== null);
    this.chains = new ChainSet(recipe.chain.length > 0);
    this.#hasher = new RecordHasher(recipe, key?.bytes ?? null, setup.layout, setup.counter);
    this.#repairs = new Repairs(recipe);
    this.#diagnosis = new Diagnosis(setup.hit, setup.alternates, this.#repairs);
    this.#pending = new PendingParents(this.notes);
    this.#isLinked = isLinked(recipe);
    this.#isPlainHex = recipe.digest.bytes === HEX_256;
    this.#inner = recipe.inner.map((inner) => ({ recipe: innerRecipe(recipe, inner), key: null }));
    this.#innerRepairs = new Map(this.#inner.map((hit) => [hit, new Repairs(hit.recipe)]));
    const digest = digester(recipe.digest.algorithm, 'none', null);
    const { bytes } = recipe.digest;
    this.#roots = new Set(
      ['', ...GENESIS_TEXTS].map((text) => digest(text).subarray(0, bytes).toString('hex')),
    );
  }

  get isHopeless(): boolean {
    return this.notes.isHopeless;
  }

  /** Whether records are linked at all. */
  get isLinked(): boolean {
    return this.#isLinked;
  }

  record(bytes: Buffer, start: number, end: number, place: Place, complete: boolean): void {
    const { notes } = this;
    notes.places.push(place.offset, place.line);
    const reason = this.#hasher.read(bytes, start, end);
    if (reason !== null) {
      notes.malformed(place, reason, bytes, start, end, complete);
      this.chains.addUnreadable(place.index, false, place.blanksBefore);
      return;
    }
    notes.verified += 1;
    this.lastIndex = place.index;
    const chain = this.chains.chain(this.#hasher.chainKey);
    const link = this.#link(chain, place, complete);
    if (this.#isLinked) this.chains.add(chain, place.index, link, place.blanksBefore);
    chain.lastOwn = this.#hasher.own ?? link.chain;
    this.#checkSignature(place);
  }

  tooLong(place: Place, length: number): void {
    this.notes.tooLong(place, length);
    this.chains.addUnreadable(place.index, true, place.blanksBefore);
  }

  /** After the last record. */
  finish(): void {
    this.#pending.finish();
  }

  #hex(stored: string): string {
    return digestHex(stored, this.#setup.hit.recipe.digest);
  }

  #link(chain: Chain, place: Place, complete: boolean): Link {
    const { recipe } = this.#setup.hit;
    if (!this.#setup.isHashKnown)
      return this.#storedLink(chain, this.#hex(this.#hasher.own ?? ''), null, true);
    if (recipe.own === null) {
      const made = this.#hasher.hash(null) ?? '';
      this.#teach();
      return this.#storedLink(chain, this.#hex(made), null, true);
    }
    const own = this.#hasher.own ?? '';
    if (recipe.prev === null && this.#isLinked) return this.#unstored(chain, own, place);
    const { prev } = this.#hasher;
    const made = this.#hasher.hash(this.#isLinked ? prev : null);
    if (made === own) {
      this.#teach();
      this.#checkInner(place);
      return this.#storedLink(chain, this.#hex(own), null, true);
    }
    return this.#mismatch(chain, place, own, made, complete);
  }

  #teach(): void {
    if (this.notes.verified > TAUGHT) return;
    const record = this.#hasher.record();
    if (record === null) return;
    this.#repairs.learn(record);
    for (const repairs of this.#innerRepairs.values()) repairs.learn(record);
  }

  /** The link of a record by its stored previous hash. `computed`: what its own hash should be, where that differs. */
  #storedLink(chain: Chain, own: string, computed: string | null, isTrusted: boolean): Link {
    const { prev, id } = this.#hasher;
    const parent = this.#isRoot(chain, prev, own) ? null : this.#hex(prev ?? '');
    if (chain.firstPrev === null) chain.firstPrev = parent ?? '';
    return {
      id,
      chain: own,
      isDigest: this.#isPlainHex && isTrusted && own.length === 64,
      computed,
      parent,
      isTrusted,
    };
  }

  #isRoot(chain: Chain, prev: string | null, own: string): boolean {
    if (prev === null || isGenesis(prev)) return true;
    const hex = this.#hex(prev);
    if (hex === own || this.#roots.has(hex)) return true;
    if (chain.lastOwn !== null && this.#hex(chain.lastOwn) === hex) return false;
    // Whatever the record numbered 0 names, nothing came before it.
    return chain.lastOwn === null && /(?:^|[^0-9])0+$/.test(this.#hasher.id);
  }

  #checkInner(place: Place): boolean {
    if (this.#inner.length === 0) return true;
    const record = this.#hasher.record();
    if (record === null) return true;
    let isFine = true;
    for (const hit of this.#inner) {
      const field = hit.recipe.own ?? '';
      const stored = fieldAt(record.dict, field);
      if (typeof stored !== 'string') continue;
      const made = reproduced(hit, record, null);
      if (made === null || digestHex(made, hit.recipe.digest) === digestHex(stored, hit.recipe.digest))
        continue;
      isFine = false;
      const check = (changed: ReadRecord, recipe: Recipe): boolean =>
        reproduced({ ...hit, recipe }, changed, null) === stored;
      const steps = this.#innerRepairs.get(hit)?.explain(record, check) ?? null;
      const facts = { ...placed(place), expected: quoted(stored), actual: made };
      this.notes.report(
        steps === null
          ? {
              kind: 'EVENT_HASH_MISMATCH',
              verdict: 'TAMPERED',
              ...facts,
              message: `The record’s content does not give its stored ${field}, and no harmless re-writing reproduces it: the content or that hash was altered.`,
            }
          : {
              kind: 'REPAIRED',
              verdict: 'MISMATCH_EXPLAINED',
              ...facts,
              message: `The stored ${field} is reproduced exactly with ${steps.slice(0, 4).join('; ').slice(0, 500)}. The content is what was hashed; the file was re-written on its way.`,
            },
      );
    }
    return isFine;
  }

  #mismatch(chain: Chain, place: Place, own: string, made: string | null, complete: boolean): Link {
    const record = this.#hasher.record();
    const { prev } = this.#hasher;
    const isRoot = this.#isRoot(chain, prev, this.#hex(own));
    const outcome =
      record === null
        ? null
        : this.#diagnosis.of({
            record,
            own,
            made,
            prev,
            lastOwn: chain.lastOwn,
            isRoot,
            isComplete: complete,
            isLinked: this.#isLinked,
          });
    const facts = { ...placed(place), expected: quoted(own), ...(made === null ? {} : { actual: made }) };
    if (outcome === null || outcome.finding === null)
      return this.#storedLink(chain, this.#hex(own), null, true);
    this.notes.report({ ...outcome.finding, ...facts });
    const computed = made === null ? null : this.#hex(made);
    if (outcome.parent !== undefined) {
      const parent = outcome.parent === null ? null : this.#hex(outcome.parent);
      return { ...this.#storedLink(chain, this.#hex(own), null, true), isDigest: false, parent };
    }
    const isFine = outcome.finding.verdict === 'MISMATCH_EXPLAINED';
    if (!isFine && this.altered.size < MAX_ALTERED) this.altered.add(place.index);
    return this.#storedLink(chain, this.#hex(own), isFine ? null : computed, isFine);
  }

  /** The previous hash isn't stored: the parent is the record whose hash fits. */
  #unstored(chain: Chain, own: string, place: Place): Link {
    const { id } = this.#hasher;
    const link = (parent: string | null, computed: string | null, isTrusted: boolean): Link => ({
      id,
      chain: this.#hex(own),
      isDigest: false,
      computed: computed === null ? null : this.#hex(computed),
      parent: parent === null ? null : this.#hex(parent),
      isTrusted,
    });
    const recent = this.#recent.get(chain) ?? [];
    const lastId = this.#lastIds.get(chain) ?? '';
    const lastMade = this.#lastMade.get(chain);
    const made = this.#hasher.hash(chain.lastOwn);
    this.#recent.set(chain, recent);
    this.#lastIds.set(chain, id);
    this.#lastMade.delete(chain);
    this.#pending.seen(own, place.index);
    const parent = this.#parentOf(chain, own, made, recent, lastMade);
    recent.push(own);
    if (recent.length > RECENT) recent.shift();
    if (parent !== undefined) {
      this.#teach();
      this.#checkInner(place);
      return link(parent, null, true);
    }
    const record = this.#hasher.record();
    if (record !== null) {
      const isFirst = chain.lastOwn === null;
      const outcome = this.#diagnosis.of({
        record,
        own,
        made,
        prev: chain.lastOwn,
        lastOwn: null,
        isRoot: isFirst,
        isComplete: true,
        isLinked: true,
      });
      const facts = { ...placed(place), expected: quoted(own), ...(made === null ? {} : { actual: made }) };
      if (outcome.finding === null) return link(chain.lastOwn, null, true);
      if (outcome.finding.verdict === 'MISMATCH_EXPLAINED') {
        this.notes.report({ ...outcome.finding, ...facts });
        return link(chain.lastOwn, null, true);
      }
      const jump = lastId === '' ? null : stepBetween(lastId, id);
      const isWindow = isFirst && !/(?:^|[^0-9])[01]$/.test(id);
      const finding: Finding = isWindow
        ? {
            kind: 'EVENT_HASH_MISMATCH',
            verdict: 'PARTIAL_INTACT',
            ...placed(place),
            message:
              'The log begins here in the middle of a chain: this record was hashed with the hash of the one before it, which is not in the file, so its own hash can’t be checked. The next record vouches for it only by its stored hash.',
          }
        : jump !== null && jump > 1
          ? {
              kind: 'GAP',
              verdict: 'TAMPERED',
              ...facts,
              between: [lastId, id],
              message: `At least one record is missing between ${lastId} and ${id}: this record was not hashed with the hash of the one that stands before it, and the numbers jump.`,
            }
          : {
              kind: 'EVENT_HASH_MISMATCH',
              verdict: 'TAMPERED',
              ...facts,
              message:
                'The record’s content and the hash of the record before it do not give its stored hash: its content or hash was altered, or the record before it was altered and hashed anew, or records between them were removed.',
            };
      const { hit } = this.#setup;
      this.#pending.add({ finding, record, own, hit, index: place.index });
      if (made !== null) this.#lastMade.set(chain, made);
    }
    return link(`?${place.index}`, made, false);
  }

  /** undefined = none found. */
  #parentOf(
    chain: Chain,
    own: string,
    made: string | null,
    recent: readonly string[],
    lastMade: string | undefined,
  ): string | null | undefined {
    if (made === own) return chain.lastOwn;
    if (this.#hasher.hash(null) === own) return null;
    if (lastMade !== undefined && this.#hasher.hash(lastMade) === own) return lastMade;
    return recent.findLast((candidate) => this.#hasher.hash(candidate) === own);
  }

  #checkSignature(place: Place): void {
    const { signature, hit } = this.#setup;
    if (signature === null || signature.form === null || signature.key === null) return;
    const record = this.#hasher.record();
    const stored = record === null ? undefined : fieldAt(record.dict, signature.form.field);
    const report = (message: string): void =>
      this.notes.report({ kind: 'SIGNATURE_INVALID', verdict: 'TAMPERED', ...placed(place), message });
    if (typeof stored !== 'string' || stored === '') {
      if (signature.isEverywhere)
        report(`This record has no ${signature.form.field}, although the log’s records are signed.`);
      return;
    }
    const bytes = signatureBytes(stored);
    const { prev } = this.#hasher;
    const { over } = signature.form;
    const isHashed = over === 'hashed-text' || over === 'body';
    const signed = {
      own: this.#hasher.own,
      hashed: isHashed ? this.#hasher.preimage(prev) : null,
      body: isHashed ? this.#hasher.body(prev) : null,
    };
    if (bytes !== null && isSignedBy(signature.key, bytes, signed, over, hit.recipe.digest)) this.signed += 1;
    else
      report(
        `The ${signature.form.field} of this record is not a valid Ed25519 signature of the key ${signature.key.name}.`,
      );
  }
}
