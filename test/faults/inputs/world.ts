import type { SocketPayload } from "../../../protocol/socket.ts";
import { createId } from "../../../server/infrastructure/ids.ts";
import type { TestClient } from "../../support/client.ts";
import { type Cluster, startCluster } from "../../support/cluster.ts";
import { sampleCsv, sampleNdjson } from "./samples.ts";

/** Past 20,000 rows a query needs an index. */
const indexedRows = 20_500;

/** A cluster with what inputs may speak of: people, datasets, their jobs, cursors of pages. */
export async function openWorld() {
  const cluster = await startCluster({
    api: 2,
    env: {
      ACCESS_TOKEN_TTL: "14400",
      LOG_LEVEL: "warn",
      LIMIT_JOBS: "1000000",
      LIMIT_RUNNING_JOBS: "3",
      LIMIT_LOGIN_FAILURES: "1000000",
      LIMIT_HANDSHAKES: "1000000",
    },
  });
  const signUp = (_: unknown, i: number) => cluster.signUp(i % 2);
  const people = await Promise.all(Array.from({ length: 5 }, signUp));
  const [ann, bob, carl, dora] = people as [TestClient, TestClient, TestClient, TestClient];
  const ndjson = { name: "b.ndjson", type: "application/x-ndjson" };
  const sent = await Promise.all([
    ann.upload(sampleCsv(300), { name: "a.csv" }),
    ann.upload(sampleNdjson(200), ndjson),
    ann.upload(sampleCsv(indexedRows), { name: "c.csv" }),
    bob.upload(sampleCsv(20), { name: "d.csv" }),
    bob.upload('a,b\nx,1\nbroken\ny,2\n"\nbroken\n'),
    bob.upload('{"a":"x","b":"1"}\n{broken\n{"a":"y","b":"2"}\n3\n{"a":\n', ndjson),
  ]);
  const jobs = sent.map(({ body }) => body.job.id);
  const datasets = sent.map(({ body }) => body.dataset.id);
  await Promise.all(jobs.map((id, i) => (i < 3 ? ann : bob).final(id)));
  await buildIndexes(ann, datasets[2] ?? "");
  const exported = await ann.call<{ job: { id: string } }>(
    `/api/v1/datasets/${datasets[0]}/exports`,
    { method: "POST", json: { format: "csv" } },
  );
  const done = await ann.final(exported.body.job.id);
  const file = done.result && "file" in done.result ? done.result.file.id : "";
  const cursors = await collectCursors(ann, datasets);

  const known: Record<string, string[]> = {
    dataset: datasets.toSpliced(4, 0, createId()),
    job: jobs.toSpliced(4, 0, createId()),
    cursor: cursors.map((one) => one.cursor),
    token: people.map(({ token }) => token),
    file: [file, createId()],
    email: [ann.email, bob.email, carl.email],
    refresh: [carl.refreshToken],
  };

  return {
    cluster,
    ann,
    /** who orders exports and repairs, who may lose the session, and who imports */
    bob,
    carl,
    dora,
    cursors,
    /** jobs that have been accepted, and the inputs that ordered them */
    ordered: new Map<string, string>(),
    /** Puts this run's ids, tokens and cursors in the place of what stands for them. */
    fill: (text: string): string =>
      text.replace(/@([a-z]+):(\d+)/g, (all, kind, i) => known[kind]?.[i] ?? all),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Asks for each column once, and waits for what is built for that: afterwards nothing is `index_building`. */
async function buildIndexes(ann: TestClient, datasetId: string): Promise<void> {
  const { columns } = await ann.dataset(datasetId);
  for (const { name, type } of columns) {
    if (type === "json") continue;
    const sort = encodeURIComponent(JSON.stringify({ column: name, direction: "asc" }));
    const path = `/api/v1/datasets/${datasetId}/records?sort=${sort}`;
    const { body } = await ann.call<{ jobId?: string }>(path);
    if (body.jobId) await ann.final(body.jobId);
  }
}

type Asked = { request: SocketPayload<"records:list">; cursor: string };

/** Cursors of pages of every sort, with what they belong to. */
async function collectCursors(
  ann: TestClient,
  [a = "", b = "", c = ""]: string[],
): Promise<Asked[]> {
  const sort = { column: "text", direction: "desc" } as const;
  const filter = [{ column: "id", op: "gt" as const, value: 3 }];
  const queries = [{}, { sort }, { filter }, { sort, filter }];
  const requests = [a, b, c].flatMap((datasetId) =>
    queries.map((query) => ({ datasetId, limit: 5, ...query })),
  );
  const socket = ann.socket();
  const found: Asked[] = [];
  for (const request of requests) {
    const { next } = await ann.request(socket, "records:list", request);
    if (next) found.push({ request, cursor: next });
  }
  socket.disconnect();
  return found;
}

/** The nodes' addresses in turn. */
export function inTurn({ api }: Cluster): () => string {
  let turn = 0;
  return () => api[turn++ % api.length]?.url ?? "";
}
