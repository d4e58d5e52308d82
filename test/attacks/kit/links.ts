import { openLink } from "../../flows/support/link.ts";
import { createClient, type TestClient } from "../../support/client.ts";
import type { World } from "./world.ts";

export type Links = { mongo: Link; redis: Link };
type Link = Awaited<ReturnType<typeof openLink>>;

/** A node whose ways to its stores can be cut, and somebody who is signed in there. */
export async function withLinks<T>(
  world: World,
  act: (client: TestClient, links: Links) => Promise<T>,
): Promise<T> {
  const { MONGODB_URI = "", REDIS_URL = "" } = world.own().settings as Record<string, string>;
  const links = { mongo: await openLink(MONGODB_URI), redis: await openLink(REDIS_URL) };
  const { url } = await world.node({ MONGODB_URI: links.mongo.url, REDIS_URL: links.redis.url });
  try {
    return await act(await createClient(url, world.headers()), links);
  } finally {
    await Promise.all([links.mongo.cut(), links.redis.cut()]);
  }
}
