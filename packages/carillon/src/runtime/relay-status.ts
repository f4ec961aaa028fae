/** Where a relay or an inbox stands that is at work in this process. */
export interface RelayStatus {
  /** `relay`: of what this service publishes. `inbox`: of what it consumes. */
  readonly direction: 'relay' | 'inbox';
  /** Whose events these are. */
  readonly module: string;
  /** The position in the publisher's log up to which they were sent, or have come in. */
  readonly position: number;
  /** Why it cannot go on now; undefined when all is well. */
  readonly trouble: RelayTrouble | undefined;
}

/** Why a relay or an inbox cannot go on. It tries again by itself. */
export interface RelayTrouble {
  /** For how long, in milliseconds. */
  readonly forMs: number;
  readonly message: string;
}

/** The same, with how long the oldest event waits that a relay has not sent. */
export interface RelayLag extends RelayStatus {
  /** In milliseconds; 0 when none waits. Undefined of an inbox, and as long as a relay has not learnt what was sent before. */
  readonly lagMs: number | undefined;
}

/** What cannot go on for so long is a problem, in milliseconds: services and brokers are started in any order. */
const patienceMs = 10_000;

/** What an operator should know of a relay or an inbox, in words. */
export function problemOfRelay({ direction, module, trouble }: RelayStatus): string | undefined {
  if (trouble === undefined || trouble.forMs < patienceMs) return undefined;
  const seconds = Math.floor(trouble.forMs / 1_000);
  const why = /[.?!]$/.test(trouble.message) ? trouble.message : `${trouble.message}.`;
  return direction === 'relay'
    ? `The relay of module ${module} has sent nothing for ${seconds} s: ${why} Its events wait in the log.`
    : `The inbox for events of module ${module} has got nothing for ${seconds} s: ${why} They come in when that is over.`;
}
