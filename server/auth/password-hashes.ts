import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { createGate } from "../infrastructure/gate.ts";

/** At some 30 ms each the last of them waits 3 s. */
const waitingPerSlot = 100;

/** Threads that Node has for such work, for files and for compression (libuv's default). */
const poolThreads = 4;

/**
 * argon2id with the library's defaults, which are OWASP's: 19 MiB, 2 passes, 1 lane. One core and one thread
 * of the pool stay free of it, so that a flood of sign-ins doesn't stop what else the node does. Callers
 * `enter` first; for whom there is no place is `rate_limited`.
 */
export function createPasswordHashes(cores = Math.min(availableParallelism(), poolThreads)) {
  const most = Math.max(1, cores - 1);
  const { enter, pass } = createGate({ most, waiting: waitingPerSlot * most, retryAfter: 3 });
  /** A hash of nothing anybody knows, so that an unknown email costs the time of a wrong password. */
  const nobody = hash(crypto.randomUUID());

  return {
    enter,

    hash: (password: string): Promise<string> => pass(() => hash(password)),

    /** Takes the same time whether or not there is a hash to compare with. */
    async matches(password: string, passwordHash: string | null): Promise<boolean> {
      const against = passwordHash ?? (await nobody);
      const isRight = await pass(() => verify(against, password.normalize("NFC")));
      return passwordHash !== null && isRight;
    },
  };
}
