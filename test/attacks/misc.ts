import { eventually } from "../flows/support/eventually.ts";
import { type Answer, call } from "../support/client.ts";
import { sampleOf } from "./kit/dataset.ts";
import { inTurn, patiently } from "./kit/patience.ts";
import { distinct, oneOf, type Row } from "./kit/row.ts";
import { openSocket } from "./kit/sockets.ts";
import type { World } from "./kit/world.ts";

const evil = "https://evil.example";
const datasets = "/api/v1/datasets";
const nothing = `${datasets}/${"0".repeat(22)}`;

const hidden = [
  "/metrics",
  "/debug",
  "/debug/vars",
  "/queues",
  "/bull-board",
  "/admin/queues",
  "/socket.io-admin",
  "/.git/config",
  "/.env",
  "/package.json",
  "/server/api.ts",
  "/assets/index.js.map",
  "/index.html.map",
  "/%2e%2e/package.json",
];

const isProblem = ({ headers, body }: Answer, status: number): boolean => {
  const keys = ["type", "title", "status", "detail", "code", "requestId"];
  const problem = Object(body) as Record<string, unknown>;
  return (
    headers.get("Content-Type") === "application/problem+json" &&
    keys.every((key) => key in problem) &&
    problem.status === status &&
    problem.requestId === headers.get("X-Request-Id")
  );
};

const tells = ({ body }: Answer): boolean =>
  /node_modules|\.ts:|\bat .+\(|mongo|redis|\/server\//i.test(JSON.stringify(body));

/** A dataset that its own store holds in a form that no code of ours writes. */
async function breakDataset(world: World) {
  const client = await world.newcomer();
  const { body } = await client.upload("id\n1\n");
  await client.final(body.job.id);
  const path = `${datasets}/${body.dataset.id}`;
  // A worker that still profiles it would stumble over it, too.
  await eventually(
    () => client.call(`${path}/profile`),
    ({ status }) => status === 200,
  );
  const stored = world.own().mongo.collection<{ _id: string }>("datasets");
  await stored.updateOne({ _id: body.dataset.id }, { $set: { createdAt: 1 } });
  return { client, path };
}

const wanted: Record<string, RegExp> = {
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /^no-referrer$/,
  "cross-origin-opener-policy": /^same-origin$/,
  "content-security-policy":
    /(?=.*object-src 'none')(?=.*base-uri 'none')(?=.*frame-ancestors 'none')/,
};

/** Which of the headers that browsers are to heed an answer lacks. */
function lacking({ headers }: Answer, path: string, isSafe: boolean): string[] {
  const lacks = Object.entries(wanted)
    .filter(([name, value]) => !value.test(headers.get(name) ?? ""))
    .map(([name]) => `${path}: ${name}`);
  if (headers.has("X-Powered-By")) lacks.push(`${path}: X-Powered-By`);
  if (isSafe && !headers.has("Strict-Transport-Security")) lacks.push(`${path}: HSTS`);
  const isPrivate = path.startsWith("/api/");
  if (isPrivate && headers.get("Cache-Control") !== "no-store") lacks.push(`${path}: no-store`);
  return lacks;
}

export const misc: Row[] = [
  {
    id: "M01",
    input: "/admin and /api/v1/admin/jobs, as a user and as nobody",
    expected: ["401 or 404"],
    async act(world) {
      const ann = await world.ann();
      const paths = ["/admin", "/api/v1/admin/jobs", "/api/v1/admin/users"];
      const answers = await inTurn(paths, async (path) => [
        await ann.call(path),
        await call(world.url, path, { headers: world.headers() }),
      ]);
      return distinct(answers.flat().map(({ status }) => oneOf(status, 401, 404)));
    },
  },
  {
    id: "M03",
    input: "metrics, debug, queue board, .git/config, source maps; versions in the health",
    expected: [["401 or 404"], { status: "ok" }, false],
    async act(world) {
      const statuses = await inTurn(hidden, async (path) =>
        oneOf((await call(world.url, path)).status, 401, 404),
      );
      const health = await call(world.url, "/healthz");
      return [distinct(statuses), health.body, health.headers.has("Server")];
    },
  },
  {
    id: "M04",
    input: "CONNECT to other namespaces",
    expected: [["ok"], "closed"],
    async act(world) {
      const socket = await openSocket(world, await world.ann());
      for (let n = 0; n < 20; n++) socket.send(n % 2 ? "0/admin," : "0/jobs,{}");
      const before = await socket.ask("jobs:list", {});
      socket.send("0/admin,");
      return [[before], (await socket.isClosed()) ? "closed" : "open"];
    },
  },
  {
    id: "M06",
    input: "forced 400, 404, 500",
    expected: [
      [400, true, false],
      [404, true, false],
      [500, true, false],
    ],
    needs: "a broken record in the store",
    isFault: true,
    async act(world) {
      const { client, path } = await breakDataset(world);
      const asked: [number, Promise<Answer>][] = [
        [400, client.call(`${datasets}?cursor=AAAA`)],
        [404, client.call(nothing)],
        [500, client.call(path)],
      ];
      return inTurn(asked, async ([status, asked]) => {
        const answer = await asked;
        return [answer.status, isProblem(answer, status), tells(answer)];
      });
    },
  },
  {
    id: "M12",
    input: "preflight from another origin, from null, with credentials",
    expected: [[]],
    async act(world) {
      const { client } = await sampleOf(world);
      const calls: [string, string][] = ["OPTIONS", "GET"].flatMap((method) =>
        [evil, "null"].map((origin): [string, string] => [method, origin]),
      );
      const names = await inTurn(calls, async ([method, origin]) => {
        const asks = { "Access-Control-Request-Method": "DELETE", Cookie: "a=b" };
        const headers = { Origin: origin, ...asks };
        const answer = await client.call(datasets, { method, headers });
        return [...answer.headers.keys()].filter((name) => name.startsWith("access-control"));
      });
      return [distinct(names.flat())];
    },
  },
  {
    id: "M13",
    input: "headers of the page, a file of it, JSON, 404, an error",
    expected: [],
    async act(world) {
      const { client } = await sampleOf(world);
      const page = await call<string>(world.url, "/");
      const asset = /\/assets\/[\w.-]+\.js/.exec(String(page.body))?.[0] ?? "/";
      const paths = ["/", asset, datasets, nothing, `${datasets}?limit=0`, "/nothing", "/healthz"];
      const isSafe = world.url.startsWith("https:");
      const lacks = await inTurn(paths, async (path) =>
        lacking(await patiently(() => client.call(path)), path, isSafe),
      );
      return lacks.flat();
    },
  },
];
