// A token bucket per sender: bursts pass, floods don't.

export interface RatePolicy {
  readonly perSecond: number;
  readonly burst: number;
}

export class RateLimiter {
  readonly #policy: RatePolicy;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(policy: RatePolicy, now: () => number = () => performance.now()) {
    this.#policy = policy;
    this.#now = now;
  }

  /** Takes one token; false when the sender has none left. */
  take(sender: string): boolean {
    const now = this.#now();
    const bucket = this.#buckets.get(sender) ?? { tokens: this.#policy.burst, at: now };
    const tokens = Math.min(
      this.#policy.burst,
      bucket.tokens + ((now - bucket.at) / 1000) * this.#policy.perSecond,
    );
    this.#buckets.set(sender, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }
}
