import { once } from "node:events";
import { Agent, request } from "node:http";
import { eventually } from "../flows/support/eventually.ts";
import { call } from "../support/client.ts";
import { withLinks } from "./kit/links.ts";
import { endsWithin } from "./kit/patience.ts";
import type { Row } from "./kit/row.ts";

type Tally = { served: number; failed: string[] };

/** One GET over kept-alive connections: its status, or the code of what broke it. */
function get(url: string, agent: Agent, token: string): Promise<number | string> {
  return new Promise((resolve) => {
    const headers = { Authorization: `Bearer ${token}` };
    const asked = request(`${url}/api/v1/me`, { agent, headers }, (answer) => {
      answer.resume().once("end", () => resolve(answer.statusCode ?? 0));
    });
    asked.once("error", (error: NodeJS.ErrnoException) => {
      resolve(asked.reusedSocket ? "kept-alive" : (error.code ?? error.message));
    });
    asked.end();
  });
}

/** Asks on and on until the node is gone; a kept-alive connection that was refused is tried once more. */
async function askUntilGone(url: string, token: string, tally: Tally): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (;;) {
    let got = await get(url, agent, token);
    if (got === "kept-alive") got = await get(url, new Agent(), token);
    if (got === "ECONNREFUSED") break;
    if (got === 200 || got === 429) tally.served += 1;
    else tally.failed.push(String(got));
  }
  agent.destroy();
}

/** Stores that are away, nodes that go away. */
export const outages: Row[] = [
  {
    id: "M08",
    input: "Redis down; MongoDB down",
    expected: [
      [503, 200],
      [503, 200],
    ],
    needs: "stores to cut off",
    isSlow: true,
    act: (world) =>
      withLinks(world, async ({ url }, links) => {
        const found: number[][] = [];
        for (const link of [links.redis, links.mongo]) {
          await link.cut();
          const ready = await eventually(
            async () => (await call(url, "/readyz")).status,
            (status) => status === 503,
          );
          found.push([ready, (await call(url, "/healthz")).status]);
          await link.mend();
          await eventually(
            async () => (await call(url, "/readyz")).status,
            (status) => status === 200,
          );
        }
        return found;
      }),
  },
  {
    id: "M10",
    input: "SIGTERM under load",
    expected: ["requests were served", [], 0],
    needs: "a node to end",
    isSlow: true,
    async act(world) {
      const node = await world.node({});
      const { token } = await world.newcomer();
      const tally: Tally = { served: 0, failed: [] };
      const askers = Array.from({ length: 10 }, () => askUntilGone(node.url, token, tally));
      await eventually(
        async () => tally.served,
        (served) => served > 50,
      );
      const exited = once(node.child, "exit");
      node.child.kill("SIGTERM");
      const isOut = await endsWithin(30_000, exited);
      await Promise.all(askers);
      const served = tally.served > 50 ? "requests were served" : tally.served;
      return [served, tally.failed.slice(0, 5), isOut ? (await exited)[0] : "still there"];
    },
  },
];
