// Sessions: an opaque 256-bit token, bound to its sender, that ends by idleness, by age, or with the workspace.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface SessionPolicy {
  /** At most so many at once; the oldest gives way. */
  readonly most: number;
  /** Milliseconds since the passphrase was given. */
  readonly absoluteMs: number;
}

/** 5 sessions; the passphrase is asked for again after 12 hours. The idle lock is the shell's (shell/idle-lock.ts). */
export const SESSION_POLICY: SessionPolicy = { most: 5, absoluteMs: 12 * 60 * 60_000 };

interface Session {
  readonly digest: Buffer;
  readonly principal: string;
  readonly sender: string;
  readonly since: number;
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Holds the digests of the live tokens only: a dump of this object opens nothing. */
export class Sessions {
  readonly #policy: SessionPolicy;
  readonly #now: () => number;
  #live: Session[] = [];

  constructor(policy: SessionPolicy = SESSION_POLICY, now: () => number = () => performance.now()) {
    this.#policy = policy;
    this.#now = now;
  }

  /** Returns the new token, 64 hex digits. */
  issue(principal: string, sender: string): string {
    const token = randomBytes(32).toString('hex');
    this.#live = [...this.#live, { digest: digestOf(token), principal, sender, since: this.#now() }].slice(
      -this.#policy.most,
    );
    return token;
  }

  /** The principal of a live token presented by the sender that it was issued to; null for anything else. */
  principalOf(token: string | null, sender: string): string | null {
    if (token === null) return null;
    const digest = digestOf(token);
    const oldest = this.#now() - this.#policy.absoluteMs;
    this.#live = this.#live.filter((each) => each.since >= oldest);
    const found = this.#live.find((each) => timingSafeEqual(each.digest, digest) && each.sender === sender);
    return found?.principal ?? null;
  }

  revokeAll(): void {
    this.#live = [];
  }
}
