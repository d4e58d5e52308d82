import type { Server } from "node:http";

const longestMs = 15_000;

/** Takes no more connections and waits for the requests under way; after 15 s they are cut off. */
export async function finishRequests(server: Server): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), longestMs);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(timer);
}
