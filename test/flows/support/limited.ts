import { call, type TestClient } from "../../support/client.ts";
import type { Cluster } from "../../support/cluster.ts";

/** By setting, or two that are one limit: what shows when it is gone over, and how to. */
export type Effects = Record<string, [expected: unknown, act: () => Promise<unknown>]>;

let addresses = 0;
/** An address that has done nothing yet; the nodes have to trust one proxy. */
export const nextAddress = () => `10.0.${Math.floor(addresses / 250)}.${(addresses++ % 250) + 1}`;
export const from = (address: string) => ({ "X-Forwarded-For": address });

export const codeOf = ({ body }: { body: unknown }) => (body as { code?: string }).code;

/** Of many at once, some were let in: the burst, and what a slow machine gives more. */
export const isBurst = (granted: number, burst: number, perSecond: number) =>
  granted >= burst && granted <= burst + 3 * perSecond;

export const limited = (cluster: () => Cluster) => ({
  /** Each from an address of its own. */
  signUp: (): Promise<TestClient> => cluster().signUp(0, from(nextAddress())),
  post: (path: string, json: object, address = nextAddress()) =>
    call(cluster().url(), path, { method: "POST", json, headers: from(address) }),
});
