/** Staking as cosmos-sdk does it, with loops, over plain maps: what ours is compared with. Decimals are counts of 10^-18. */
const ONE = 10n ** 18n;
const min = (a: bigint, b: bigint) => (a < b ? a : b);

/** LegacyDec.Mul and Quo: to the nearest, in the middle to the even one. */
function chop(raw: bigint): bigint {
  const whole = raw / ONE;
  const twice = (raw % ONE) * 2n;
  return twice > ONE || (twice === ONE && whole % 2n === 1n) ? whole + 1n : whole;
}
const quo = (a: bigint, b: bigint) => chop((a * ONE * ONE) / b);

export interface NaiveEntry {
  readonly height: bigint;
  readonly time: bigint;
  initial: bigint;
  balance: bigint;
  /** Of redelegations. */
  readonly sharesDst: bigint;
}

export class NaiveStake {
  readonly validators: { tokens: bigint; shares: bigint }[];
  /** `delegator/validator` */
  readonly delegations = new Map<string, bigint>();
  readonly unbondings = new Map<string, NaiveEntry[]>();
  /** `delegator/from/to` */
  readonly redelegations = new Map<string, NaiveEntry[]>();
  burned = 0n;
  /** What slashes took of stake that had been redelegated: of tokens at the destinations. */
  slashedAtDestinations = 0n;
  readonly #unbondingSeconds: bigint;

  /** In byte order of their addresses: in that order the SDK comes upon them. */
  readonly #delegators: readonly number[];

  constructor(options: {
    readonly validators: number;
    readonly own: bigint;
    readonly unbondingSeconds: bigint;
    readonly delegators: readonly number[];
  }) {
    const { validators, own, unbondingSeconds } = options;
    this.#delegators = options.delegators;
    this.validators = Array.from({ length: validators }, () => ({ tokens: own, shares: own * ONE }));
    this.#unbondingSeconds = unbondingSeconds;
  }

  worth(validator: number, shares: bigint): bigint {
    const { tokens, shares: all } = this.validators[validator]!;
    return quo(shares * tokens, all) / ONE;
  }

  delegate(delegator: number, validator: number, amount: bigint): bigint {
    const pool = this.validators[validator]!;
    const shares = pool.shares === 0n ? amount * ONE : (pool.shares * amount) / pool.tokens;
    pool.tokens += amount;
    pool.shares += shares;
    const key = `${delegator}/${validator}`;
    this.delegations.set(key, (this.delegations.get(key) ?? 0n) + shares);
    return shares;
  }

  #unbond(delegator: number, validator: number, shares: bigint): bigint {
    const key = `${delegator}/${validator}`;
    const left = this.delegations.get(key)! - shares;
    if (left === 0n) this.delegations.delete(key);
    else this.delegations.set(key, left);
    const pool = this.validators[validator]!;
    const tokens = pool.shares === shares ? pool.tokens : quo(shares * pool.tokens, pool.shares) / ONE;
    pool.tokens -= tokens;
    pool.shares -= shares;
    return tokens;
  }

  #sharesOf(delegator: number, validator: number, amount: bigint): bigint {
    const pool = this.validators[validator]!;
    return min((pool.shares * amount) / pool.tokens, this.delegations.get(`${delegator}/${validator}`)!);
  }

  undelegate(delegator: number, validator: number, amount: bigint, at: { height: bigint; time: bigint }): void {
    const tokens = this.#unbond(delegator, validator, this.#sharesOf(delegator, validator, amount));
    const key = `${delegator}/${validator}`;
    const entries = this.unbondings.get(key) ?? [];
    const time = at.time + this.#unbondingSeconds;
    const same = entries.find((entry) => entry.height === at.height && entry.time === time);
    if (same === undefined) entries.push({ height: at.height, time, initial: tokens, balance: tokens, sharesDst: 0n });
    else {
      same.initial += tokens;
      same.balance += tokens;
    }
    this.unbondings.set(key, entries);
  }

  redelegate(
    delegator: number,
    [from, to]: readonly [number, number],
    amount: bigint,
    at: { height: bigint; time: bigint },
  ): void {
    const tokens = this.#unbond(delegator, from, this.#sharesOf(delegator, from, amount));
    const sharesDst = this.delegate(delegator, to, tokens);
    const key = `${delegator}/${from}/${to}`;
    const time = at.time + this.#unbondingSeconds;
    const entry = { height: at.height, time, initial: tokens, balance: tokens, sharesDst };
    this.redelegations.set(key, [...(this.redelegations.get(key) ?? []), entry]);
  }

  /** At the end of a block. */
  complete(now: bigint): void {
    for (const map of [this.unbondings, this.redelegations]) {
      for (const [key, entries] of map) {
        const kept = entries.filter(({ time }) => time > now);
        if (kept.length === 0) map.delete(key);
        else map.set(key, kept);
      }
    }
  }

  slash(validator: number, options: { power: bigint; fraction: bigint; height: bigint; now: bigint }): void {
    const { power, fraction, height, now } = options;
    let left = (power * 1_000_000n * fraction) / ONE;
    const answers = (entry: NaiveEntry) => entry.height >= height && entry.time > now;
    for (const [key, entries] of this.unbondings) {
      if (Number(key.split("/")[1]) !== validator) continue;
      for (const entry of entries.filter(answers)) {
        const amount = (entry.initial * fraction) / ONE;
        left -= amount;
        this.burned += min(amount, entry.balance);
        entry.balance -= min(amount, entry.balance);
      }
    }
    const inOrder = [...this.redelegations].sort(
      ([a], [b]) =>
        this.#delegators.indexOf(Number(a.split("/")[0])) - this.#delegators.indexOf(Number(b.split("/")[0])),
    );
    for (const [key, entries] of inOrder) {
      const [delegator, from, to] = key.split("/").map(Number) as [number, number, number];
      if (from !== validator) continue;
      for (const entry of entries.filter(answers)) {
        let amount = (entry.initial * fraction) / ONE;
        left -= amount;
        this.slashedAtDestinations += amount;
        for (const unbonding of (this.unbondings.get(`${delegator}/${to}`) ?? []).filter(answers)) {
          const cut = min(amount, unbonding.balance);
          unbonding.balance -= cut;
          this.burned += cut;
          amount -= cut;
        }
        const wanted = chop(fraction * entry.sharesDst);
        const owned = this.delegations.get(`${delegator}/${to}`);
        if (wanted === 0n || amount === 0n || owned === undefined) continue;
        this.burned += this.#unbond(delegator, to, min(wanted, owned));
      }
    }
    const pool = this.validators[validator]!;
    const own = min(left > 0n ? left : 0n, pool.tokens);
    pool.tokens -= own;
    this.burned += own;
  }
}
