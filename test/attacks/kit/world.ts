import { from, nextAddress } from "../../flows/support/limited.ts";
import { type Answer, call, createClient, type TestClient } from "../../support/client.ts";
import type { Cluster } from "../../support/cluster.ts";
import type { Process } from "../../support/processes.ts";
import { patiently } from "./patience.ts";

/** Access tokens live for 15 minutes if nothing else was set. */
const freshMs = 8 * 60_000;

/** What is attacked: somebody's deployment by its address, or a cluster made for it. */
export function createWorld(url: string, cluster: Cluster | null) {
  const opened: TestClient[] = [];
  const people = new Map<string, { client: Promise<TestClient>; since: number }>();
  const spare: Process[] = [];
  const ended: string[] = [];
  const ends: (() => void)[] = [];
  const headers = (): Record<string, string> => (cluster ? from(nextAddress()) : {});

  /** A new account. */
  async function newcomer(at = url): Promise<TestClient> {
    const { body: client } = await patiently(async () => {
      try {
        const client = await createClient(at, headers());
        return { status: 201, headers: new Headers(), body: client };
      } catch (error) {
        return limited(error);
      }
    });
    if (!client) throw new Error("no account is to be had");
    opened.push(client);
    return client;
  }

  function person(name: string): Promise<TestClient> {
    const known = people.get(name);
    if (known && Date.now() - known.since < freshMs) return known.client;
    const client = newcomer();
    people.set(name, { client, since: Date.now() });
    return client;
  }

  function own(): Cluster {
    if (!cluster) throw new Error("a row that says what it needs would have been left out");
    return cluster;
  }

  return {
    url,
    isOwn: cluster !== null,
    own,
    newcomer,
    /** Two people whose accounts every row leaves as they were. */
    ann: () => person("ann"),
    bob: () => person("bob"),
    /** Where a request may seem to come from: an address of its own, if the server can be told. */
    headers,
    post: <T = unknown>(path: string, json: unknown, more = headers()) =>
      patiently(() => call<T>(url, path, { method: "POST", json, headers: more })),
    /** Another node of the cluster with settings of its own, for one row. */
    async node(env: Record<string, string>): Promise<Process & { url: string }> {
      const started = await own().start("api", own().api.length + spare.length, env);
      spare.push(started);
      return { ...started, url: started.url ?? "" };
    },
    /** Has something ended after the row that opened it. */
    endLater: (end: () => void): void => void ends.push(end),
    /** Ends what a row has opened and started. */
    async tidy(): Promise<void> {
      for (const end of ends.splice(0)) end();
      const nodes = spare.splice(0);
      await Promise.all(nodes.map(({ kill }) => kill()));
      ended.push(...nodes.map(({ output }) => output()));
    },
    /** What they had logged. */
    logsOfEnded: (): readonly string[] => ended,
    close(): void {
      for (const client of opened) client.close();
    },
  };
}

export type World = ReturnType<typeof createWorld>;

/** The refusal that the helper for accounts throws as a text, as an answer again. */
function limited(error: unknown): Answer<null> {
  const { message } = error as Error;
  const { code, retryAfter = 1 } = message.startsWith("{") ? JSON.parse(message) : {};
  if (code !== "rate_limited") throw error;
  return { status: 429, headers: new Headers({ "Retry-After": retryAfter }), body: null };
}
