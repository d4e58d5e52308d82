import { Redis } from "ioredis";
import { serveOwner } from "../../../bench/program.ts";
import {
  type Login,
  openDeafReaders,
  openFlooders,
  openTrickles,
  publishMuch,
} from "./bad-clients.ts";

/** Fifteen times what a job may have. */
const eventsPerSecond = 60;

/** All at once: deaf readers of a job, floods, and headers that come byte by byte. */
export type Onslaught = {
  url: string;
  reader: Login;
  jobId: string;
  readers: number;
  /** events of 12 KB */
  events: number;
  flooders: Login[];
  trickles: number;
  redisUrl: string;
  settings: { REDIS_PREFIX: string };
};

/** What became of it. */
export type Outcome = {
  /** ms that each trickle stayed open */
  lasted: number[];
  /** floods that were ended, and that were refused something */
  closed: number;
  refused: number;
  requestsSent: number;
  seconds: number;
};

// In a process of its own, so that those who are measured don't wait for the attackers' loop.
serveOwner({}, async (order: Onslaught): Promise<Outcome> => {
  const begunAt = Date.now();
  const redis = new Redis(order.redisUrl);
  const deaf = await openDeafReaders(order.reader, order.jobId, order.readers);
  const flooders = await openFlooders(order.flooders);
  const trickles = await openTrickles(order.url, order.trickles);
  const { settings, jobId, events } = order;
  await publishMuch({ redis, settings }, jobId, events, eventsPerSecond);
  const lasted = await trickles.untilClosed();
  const closed = await flooders.untilClosed(15);
  flooders.close();
  deaf.close();
  redis.disconnect();
  const seconds = (Date.now() - begunAt) / 1000;
  const [refused, requestsSent] = [flooders.refused(), flooders.sent()];
  return { lasted, closed, refused, requestsSent, seconds };
});
