import { setTimeout as pause } from "node:timers/promises";
import { connect } from "../../../client/connect.ts";
import { request } from "../../../client/request.ts";
import type { World } from "./world.ts";

const everyMs = 500;
const answerSeconds = 10;

/** Somebody who wants nothing but to go on working: asks by HTTP and socket all the while. */
export async function openNeighbour(world: World) {
  const refreshed = () => world.bob().then(({ token }) => token);
  const socket = connect(world.url, { token: refreshed });
  let breaks = 0;
  socket.on("disconnect", () => (breaks += 1));
  let slowest = 0;
  let isOver = false;

  /** One round trip of each sort, in ms; throws where one fails. */
  async function ask(): Promise<number> {
    const begun = performance.now();
    const bob = await world.bob();
    await request(socket, "jobs:list", { limit: 1 }, { timeout: answerSeconds });
    const { status } = await bob.call("/api/v1/me");
    if (status !== 200) throw new Error(`a neighbour's call was answered ${status}`);
    return performance.now() - begun;
  }
  await ask();

  async function keepAsking(): Promise<void> {
    for (;;) {
      await pause(everyMs);
      if (isOver) return;
      const ms = await ask().catch(() => 0);
      slowest = Math.max(slowest, ms);
    }
  }
  void keepAsking();

  return {
    /** What has gone wrong for the neighbour since the last look. */
    async look(): Promise<string[]> {
      const found = breaks > 0 ? ["a neighbour's connection was closed"] : [];
      breaks = 0;
      await ask().catch(({ message }: Error) => found.push(message));
      return found;
    },
    /** the slowest pair of round trips since the last look, in ms */
    takeSlowest(): number {
      const ms = Math.round(slowest);
      slowest = 0;
      return ms;
    },
    close(): void {
      isOver = true;
      socket.disconnect();
    },
  };
}

export type Neighbour = Awaited<ReturnType<typeof openNeighbour>>;
