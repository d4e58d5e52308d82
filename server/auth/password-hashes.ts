import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { createGate } from "../infrastructure/gate.ts";

/** At some 30 ms each the last of them waits 3 s. */
const waitingPerSlot = 100;

/**
 * argon2id with the library's defaults, which are OWASP's: 19 MiB, 2 passes, 1 lane. One core stays free
 * of it, so that a flood of sign-ins doesn't stop what else the node does; what is too much is `rate_limited`.
 */
export function createPasswordHashes(cores = availableParallelism()) {
  const most = Math.max(1, cores - 1);
  const pass = createGate({ most, waiting: waitingPerSlot * most, retryAfter: 3 });
  /** A hash of nothing anybody knows, so that an unknown email costs the time of a wrong password. */
  const nobody = hash(crypto.randomUUID());

  return {
    hash: (password: string): Promise<string> => pass(() => hash(password)),

    /** Takes the same time whether or not there is a hash to compare with. */
    async matches(password: string, passwordHash: string | null): Promise<boolean> {
      const against = passwordHash ?? (await nobody);
      const isRight = await pass(() => verify(against, password.normalize("NFC")));
      return passwordHash !== null && isRight;
    },
  };
}
