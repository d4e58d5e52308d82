import { openDeafReaders, openFlooders, publishMuch } from "../faults/support/bad-clients.ts";
import { eventually } from "../flows/support/eventually.ts";
import { importAll } from "./kit/dataset.ts";
import { readLines } from "./kit/journal.ts";
import { withLinks } from "./kit/links.ts";
import { endsWithin } from "./kit/patience.ts";
import { distinct, type Row } from "./kit/row.ts";
import { knock, openSocket, withSocket } from "./kit/sockets.ts";
import type { World } from "./kit/world.ts";

const file = "id\n1\n2\n";

/** More than the kernel keeps for two ends of a connection. */
const manyEvents = 900;

const countSlow = (world: World) =>
  readLines(world).filter(({ event }) => event === "slow_consumer").length;

/** A job whose channel has held more than anybody may be sent again, and a position at its beginning. */
async function overrunChannel(world: World, count: number) {
  const client = await world.newcomer();
  const { job } = await importAll(client, file);
  const socket = await openSocket(world, client);
  const channel = `job:${job.id}`;
  const first = await socket.reply("channel:subscribe", { channel });
  const epoch = first?.ok ? first.data.epoch : null;
  await publishMuch(world.own(), job.id, count);
  const reply = await socket.reply("channel:subscribe", { channel, after: { epoch, seq: 1 } });
  socket.close();
  if (!reply?.ok) return reply;
  const { recovered, events, snapshot } = reply.data;
  return [recovered, (events as unknown[]).length, (snapshot as { state: string }).state];
}

/** A hundred that can't say who they are, in lots of 20: which answers came, and whether all were heard. */
async function knockWithout(world: World) {
  const headers = world.headers();
  const codes: string[] = [];
  for (let lot = 0; lot < 5; lot++) {
    const some = Array.from({ length: 20 }, () => knock(world, { auth: {}, headers }));
    codes.push(...(await Promise.all(some)));
  }
  const heard = codes.filter((code) => code === "unauthorized").length;
  return [distinct(codes), heard < codes.length];
}

/** Floods, deaf readers, stores that are away. */
export const floods: Row[] = [
  {
    id: "T18",
    input: "100 handshakes a second without a token, from one address",
    expected: [["http 429", "unauthorized"], true, "in", "ok"],
    needs: "a second address",
    isSlow: true,
    act: (world) =>
      withSocket(world, async (socket) => {
        const answers = await knockWithout(world);
        const { token } = await world.ann();
        const elsewhere = await knock(world, { auth: { token } });
        const own = await socket.ask("jobs:list", {});
        return [...answers, elsewhere, own];
      }),
  },
  {
    id: "E11",
    input: "1,000 events a second on one socket",
    expected: ["rate_limited", "closed"],
    isSlow: true,
    async act(world) {
      const flooders = await openFlooders([await world.newcomer()]);
      const closed = await flooders.untilClosed(30);
      flooders.close();
      return [
        flooders.refused() === 1 ? "rate_limited" : "all answered",
        closed === 1 ? "closed" : "open",
      ];
    },
  },
  {
    id: "E18",
    input: "reader that stops reading on a busy job",
    expected: "cut off as slow_consumer",
    needs: "a busy job, the server's log",
    isSlow: true,
    mostMegabytes: 50,
    async act(world) {
      const client = await world.newcomer();
      const { job } = await importAll(client, file);
      const before = countSlow(world);
      const readers = await openDeafReaders(client, job.id, 1);
      await publishMuch(world.own(), job.id, manyEvents);
      const count = await eventually(
        async () => countSlow(world),
        (now) => now > before,
      );
      readers.close();
      return count > before ? "cut off as slow_consumer" : "still there";
    },
  },
  {
    id: "E20",
    input: "MongoDB or Redis down during a request",
    expected: [
      ["unavailable", "within 2 s"],
      ["unavailable", "within 2 s"],
    ],
    needs: "stores to cut off",
    isSlow: true,
    act: (world) =>
      withLinks(world, async (client, links) => {
        const { body } = await client.upload(file);
        const socket = await openSocket(world, client, client.url);
        const ask = async (event: string, payload: object) => {
          const asked = socket.ask(event, payload);
          const isInTime = await endsWithin(2000, asked);
          return [await asked, isInTime ? "within 2 s" : "later"];
        };
        await links.redis.cut();
        const watching = await ask("channel:subscribe", { channel: `job:${body.job.id}` });
        await links.redis.mend();
        await links.mongo.cut();
        const listing = await ask("datasets:list", {});
        socket.close();
        return [watching, listing];
      }),
  },
  {
    id: "E22",
    input: "resume that would replay more than may be",
    expected: [false, 0, "completed"],
    needs: "a long log of events",
    act: (world) => overrunChannel(world, 600),
  },
  {
    id: "J17",
    input: "log trimmed while a watcher was away",
    expected: [false, 0, "completed"],
    needs: "a long log of events",
    isSlow: true,
    act: (world) => overrunChannel(world, 1500),
  },
];
