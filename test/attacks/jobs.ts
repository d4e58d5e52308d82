import { createHash } from "node:crypto";
import type { Job, Submitted } from "../../protocol/jobs.ts";
import type { Answer, TestClient } from "../support/client.ts";
import { importAll, sampleOf } from "./kit/dataset.ts";
import { inTurn, patiently } from "./kit/patience.ts";
import { distinct, oneOf, type Row } from "./kit/row.ts";
import { openSocket, withSocket } from "./kit/sockets.ts";
import { codeOf } from "./kit/tokens.ts";
import type { World } from "./kit/world.ts";

const nobodys = "0".repeat(22);
const small = "id\n1\n2\n";
const manyRows = 300_000;
const large = () => `id\n${Array.from({ length: manyRows }, (_, i) => `${i}\n`).join("")}`;

const act = (client: TestClient, id: string, verb: "cancel" | "retry", json?: object) =>
  patiently(() =>
    client.call<Job>(`/api/v1/jobs/${id}/${verb}`, { method: "POST", ...(json && { json }) }),
  );

/** An import that has only just been handed in. */
async function submit(client: TestClient, text: string): Promise<Submitted> {
  const { status, body } = await patiently(() => client.upload(text));
  if (status !== 202) throw new Error(JSON.stringify(body));
  return body;
}

const bare = ({ status, body }: Answer): string => {
  const { requestId: _, ...rest } = Object(body);
  return JSON.stringify({ status, ...rest });
};

/** What one who isn't its owner gets by every way to a job. */
async function tryAll(world: World, id: string): Promise<string[]> {
  const bob = await world.bob();
  const path = `/api/v1/jobs/${id}`;
  const byHttp = [
    await bob.call(path),
    await act(bob, id, "cancel"),
    await act(bob, id, "retry"),
    await bob.call(`${path}/events`),
  ].map(bare);
  const socket = await openSocket(world, bob);
  const payload = { jobId: id };
  const replies = [
    await socket.reply("jobs:get", payload),
    await socket.reply("jobs:cancel", payload),
    await socket.reply("channel:subscribe", { channel: `job:${id}` }),
  ];
  socket.close();
  return [...byHttp, ...replies.map((reply) => JSON.stringify(reply))];
}

/** Ids like this one: its neighbours in order, and what a clock would have made of the time. */
function guess(id: string): string[] {
  const nextTo = [..."ABCQgw"].map((end) => `${id.slice(0, -1)}${end}`);
  const timed = Array.from({ length: 20 }, (_, i) =>
    createHash("md5")
      .update(String(Math.floor(Date.now() / 1000) - i))
      .digest("base64url"),
  );
  const numbers = ["1", "2", "0000000000000000000001"];
  return [...nextTo, ...timed, ...numbers].filter((guessed) => guessed !== id);
}

export const jobs: Row[] = [
  {
    id: "J01",
    input: "read, cancel, retry, watch another user's job",
    expected: [true, [404]],
    async act(world) {
      const { job } = await sampleOf(world);
      const [theirs, none] = [await tryAll(world, job.id), await tryAll(world, nobodys)];
      const { status } = await (await world.bob()).call(`/api/v1/jobs/${job.id}`);
      return [theirs.join() === none.join() && theirs.join().includes("not_found"), [status]];
    },
  },
  {
    id: "J02",
    input: "guessed ids: the next ones, ids made of the time",
    expected: [[404], "128 bits"],
    async act(world) {
      const { job, client } = await sampleOf(world);
      const statuses = await inTurn(guess(job.id), async (id) => {
        return (await patiently(() => client.call(`/api/v1/jobs/${id}`))).status;
      });
      const { length } = Buffer.from(job.id, "base64url");
      return [distinct(statuses), `${8 * length} bits`];
    },
  },
  {
    id: "J03",
    input: "cancel before the start; twice; a finished job",
    expected: [202, ["cancelled"], 202, ["cancelled"], "conflict", 1],
    async act(world) {
      const client = await world.newcomer();
      const done = await importAll(client, small);
      // The third waits: so many of a user run at once.
      const running = [await submit(client, large()), await submit(client, large())];
      const { job } = await submit(client, small);
      const socket = await openSocket(world, client);
      await socket.ask("channel:subscribe", { channel: `job:${job.id}` });
      const answers = [await act(client, job.id, "cancel"), await act(client, job.id, "cancel")];
      const finished = await act(client, done.job.id, "cancel");
      for (const other of running) await act(client, other.job.id, "cancel");
      for (const other of running) await client.final(other.job.id);
      await socket.ask("jobs:list", {});
      socket.close();
      const ends = socket.heard.filter(({ data }) => Object(data).type === "job.cancelled");
      return [
        ...answers.flatMap(({ status, body }) => [status, [body.state]]),
        codeOf(finished),
        ends.length,
      ];
    },
  },
  {
    id: "J05",
    input: "retry of an active job; retry after a part of it is in",
    expected: ["conflict", "cancelled", "completed", manyRows],
    isSlow: true,
    async act(world) {
      const client = await world.newcomer();
      const { job, dataset } = await submit(client, large());
      const early = await act(client, job.id, "retry");
      await act(client, job.id, "cancel");
      const cancelled = await client.final(job.id);
      await act(client, job.id, "retry");
      const completed = await client.final(job.id);
      const { rows } = await client.dataset(dataset.id);
      return [codeOf(early), cancelled.state, completed.state, rows];
    },
  },
  {
    id: "J07",
    input: "options of the queue: priority, attempts, delay, repeat, parent",
    expected: [["validation_failed"]],
    async act(world) {
      const { client, dataset, job } = await sampleOf(world);
      const names = ["priority", "attempts", "delay", "repeat", "parent"];
      const codes = await inTurn(names, async (name) => {
        const options = encodeURIComponent(JSON.stringify({ [name]: 1 }));
        const exported = { method: "POST", json: { format: "csv", [name]: 1 } };
        return [
          await patiently(() => client.upload(small, { query: `&${name}=1` })),
          await patiently(() => client.upload(small, { query: `&options=${options}` })),
          await patiently(() => client.call(`/api/v1/datasets/${dataset.id}/exports`, exported)),
          await act(client, job.id, "cancel", { [name]: 1 }),
        ].map(codeOf);
      });
      return [distinct(codes.flat())];
    },
  },
  {
    id: "J08",
    input: "1,000 submissions in a minute",
    expected: ["202 and 429"],
    isSlow: true,
    async act(world) {
      const client = await world.newcomer();
      const statuses: number[] = [];
      const send = async () => statuses.push((await client.upload(small)).status);
      for (let i = 0; i < 1000 / 3; i++) await Promise.all([send(), send(), send()]);
      const seen = distinct(statuses).join(" and ");
      return [seen];
    },
  },
  {
    id: "J14",
    input: "progress forged by HTTP and socket",
    expected: [["404 or 405"], "not_found", "completed"],
    async act(world) {
      const { client, job } = await sampleOf(world);
      const path = `/api/v1/jobs/${job.id}`;
      const forged = { state: "failed", progress: { rowsImported: 9 } };
      const calls: [string, string][] = [
        ["PATCH", path],
        ["PUT", path],
        ["POST", path],
        ["POST", `${path}/progress`],
        ["POST", `${path}/events`],
      ];
      const statuses = await inTurn(calls, async ([method, at]) =>
        oneOf((await client.call(at, { method, json: forged })).status, 404, 405),
      );
      const bySocket = await withSocket(world, (one) => one.ask("jobs:progress", forged));
      const { body } = await client.call<Job>(path);
      return [distinct(statuses), bySocket, body.state];
    },
  },
];
