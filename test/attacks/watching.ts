import type { Job } from "../../protocol/jobs.ts";
import { eventually } from "../flows/support/eventually.ts";
import { importAll } from "./kit/dataset.ts";
import type { Row } from "./kit/row.ts";
import { openSocket } from "./kit/sockets.ts";
import { expireChannel } from "./kit/trim.ts";
import type { World } from "./kit/world.ts";

const small = "id\n1\n2\n";

const large = () => `id\n${Array.from({ length: 150_000 }, (_, i) => `${i}\n`).join("")}`;

/** Makes its stored file one that can't be read, by any attempt. */
async function breakSource(world: World, datasetId: string): Promise<void> {
  const { mongo } = world.own();
  const datasets = mongo.collection<{ _id: string; sourceId: string }>("datasets");
  const stored = await datasets.findOne({ _id: datasetId });
  const first = { files_id: stored?.sourceId, n: 0 };
  await mongo.collection("files.chunks").updateOne(first, { $set: { data: 1 } });
}

/** Waits for the first attempt to fail, and leaves out the delays of three more. */
async function tryOftenAtOnce(world: World, jobId: string): Promise<void> {
  const jobs = world.own().mongo.collection<{ _id: string; idleAttempts: number }>("jobs");
  await eventually(
    () => jobs.findOne({ _id: jobId }),
    (job) => (job?.idleAttempts ?? 0) > 0,
  );
  await jobs.updateOne({ _id: jobId, state: "queued" }, { $set: { idleAttempts: 4 } });
}

/** Jobs whose inside has to be broken, or their history taken away. */
export const watching: Row[] = [
  {
    id: "J10",
    input: "file that breaks the processor each time",
    expected: ["failed", "attempts_exhausted", "completed"],
    needs: "the database",
    isSlow: true,
    isFault: true,
    async act(world) {
      const client = await world.newcomer();
      const { dataset, job } = (await client.upload(large())).body;
      await client.call(`/api/v1/jobs/${job.id}/cancel`, { method: "POST" });
      await client.final(job.id);
      await breakSource(world, dataset.id);
      await client.call(`/api/v1/jobs/${job.id}/retry`, { method: "POST" });
      const others = importAll(await world.newcomer(), small);
      await tryOftenAtOnce(world, job.id);
      const { state, error } = await client.final(job.id);
      return [state, error?.code, (await others).job.state];
    },
  },
  {
    id: "J13",
    input: "watch before the job is there, after its end, after its history is gone",
    expected: ["not_found", "completed", [false, "completed"]],
    needs: "a history to take away",
    async act(world) {
      const client = await world.newcomer();
      const socket = await openSocket(world, client);
      const early = await socket.ask("channel:subscribe", { channel: `job:${"0".repeat(22)}` });
      const { job } = await importAll(client, small);
      const channel = `job:${job.id}`;
      const ended = await socket.reply("channel:subscribe", { channel });
      if (!ended?.ok) return ended;
      const { epoch, seq, snapshot } = ended.data;
      await socket.ask("channel:unsubscribe", { channel });
      await expireChannel(world, job.id);
      const late = await socket.reply("channel:subscribe", { channel, after: { epoch, seq } });
      socket.close();
      if (!late?.ok) return late;
      const shown = [late.data.recovered, (late.data.snapshot as Job).state];
      return [early, (snapshot as Job).state, shown];
    },
  },
];
