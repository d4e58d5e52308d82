import { sampleOf } from "./kit/dataset.ts";
import { hear, typesOf } from "./kit/heard.ts";
import { inTurn } from "./kit/patience.ts";
import { distinct, oneOf, type Row } from "./kit/row.ts";
import { openSocket, withSocket } from "./kit/sockets.ts";

const invalid = "validation_failed";
const traps = ["__proto__", "constructor", "prototype"];

/** A payload with such a key so many levels down. */
const trap = (key: string, depth: number): unknown =>
  JSON.parse(`${'{"filter":'.repeat(depth - 1)}{"${key}":{"x":1}}${"}".repeat(depth - 1)}`);

const rename = (name: string) => ({ method: "PATCH", json: { name } });

/** What a socket asks. */
export const events: Row[] = [
  {
    id: "E01",
    input: "request without an acknowledgement",
    expected: "ok",
    act: (world) =>
      withSocket(world, async (socket) => {
        socket.tell("jobs:list", {});
        socket.tell("jobs:list");
        return socket.ask("jobs:list", {});
      }),
  },
  {
    id: "E03",
    input: "no argument, too many, null, array, string",
    expected: [invalid, invalid, invalid, invalid, invalid],
    act: (world) =>
      withSocket(world, (socket) =>
        inTurn([[], [{}, {}], [null], [[]], ["{}"]], (args) => socket.ask("jobs:list", ...args)),
      ),
  },
  {
    id: "E05",
    input: "keys __proto__, constructor, prototype, 1 and 5 deep",
    expected: [[invalid], undefined],
    act: (world) =>
      withSocket(world, async (socket) => {
        const payloads = traps.flatMap((key) => [trap(key, 1), trap(key, 5)]);
        const codes = await inTurn(payloads, (payload) => socket.ask("records:list", payload));
        return [distinct(codes), ({} as { x?: unknown }).x];
      }),
  },
  {
    id: "E08",
    input: "NUL, lone surrogate, 60 KB in a short field; by socket and HTTP",
    expected: [[invalid], [422]],
    async act(world) {
      const texts = ["a\0b", "\ud800", "x".repeat(60_000)];
      const { client, dataset } = await sampleOf(world);
      const path = `/api/v1/datasets/${dataset.id}`;
      const codes = await withSocket(world, (socket) =>
        inTurn(texts, (state) => socket.ask("jobs:list", { state })),
      );
      const statuses = await inTurn(texts, async (name) => {
        return (await client.call(path, rename(name))).status;
      });
      return [distinct(codes), distinct(statuses)];
    },
  },
  {
    id: "E09",
    input: "unknown event, 25 times",
    expected: ["20 times not_found", "closed"],
    act: (world) =>
      withSocket(world, async (socket) => {
        const asked = Array.from({ length: 20 }, () => socket.ask("nothing", {}));
        const codes = await Promise.all(asked);
        for (let i = 20; i < 25; i++) socket.tell("nothing", {});
        const count = codes.filter((code) => code === "not_found").length;
        return [`${count} times not_found`, (await socket.isClosed()) ? "closed" : "open"];
      }),
  },
  {
    id: "E13",
    input: "join what is others', what isn't there, what is no channel",
    expected: [["not_found or validation_failed"], ["dataset.changed"], []],
    async act(world) {
      const { client, dataset, job } = await sampleOf(world);
      const [owner, bob] = [await openSocket(world, client), await world.bob()];
      const channel = `dataset:${dataset.id}`;
      const names = [channel, `job:${job.id}`, `user:${bob.user.id}`, "admin", owner.id, "*", ""];
      return withSocket(world, async (socket) => {
        const codes = await inTurn(names, async (name) =>
          oneOf(await socket.ask("channel:subscribe", { channel: name }), "not_found", invalid),
        );
        await owner.ask("channel:subscribe", { channel });
        await client.call(`/api/v1/datasets/${dataset.id}`, rename("renamed"));
        const heard = await hear(owner, channel);
        await socket.ask("jobs:list", {});
        owner.close();
        return [distinct(codes), heard, typesOf(socket, channel)];
      });
    },
  },
  {
    id: "E16",
    input: "the same subscription 100 times",
    expected: [["ok"], ["dataset.changed"]],
    async act(world) {
      const { client, dataset } = await sampleOf(world);
      const channel = `dataset:${dataset.id}`;
      const socket = await openSocket(world, client);
      const hundred = Array.from({ length: 100 }, () => channel);
      const codes = await inTurn(hundred, (channel) =>
        socket.ask("channel:subscribe", { channel }),
      );
      await client.call(`/api/v1/datasets/${dataset.id}`, rename(`again ${Date.now()}`));
      await hear(socket, channel);
      // Whatever came a second time would have come before this answer.
      await socket.ask("jobs:list", {});
      socket.close();
      return [distinct(codes), typesOf(socket, channel)];
    },
  },
  {
    id: "E17",
    input: "events of the server, sent by a client",
    expected: [["not_found"], []],
    async act(world) {
      const { client, job } = await sampleOf(world);
      const [socket, other] = [await openSocket(world, client), await openSocket(world, client)];
      const channel = `job:${job.id}`;
      await other.ask("channel:subscribe", { channel });
      const forged = { channel, epoch: "x", seq: 9, type: "job.completed", data: job };
      const names = ["job:progress", "job.completed", "event", "channel:position", "session:ended"];
      const codes = await inTurn(names, (name) => socket.ask(name, forged));
      await other.ask("jobs:list", {});
      const heard = other.heard.filter(({ event }) => event !== "hello");
      for (const one of [socket, other]) one.close();
      return [distinct(codes), heard];
    },
  },
];
