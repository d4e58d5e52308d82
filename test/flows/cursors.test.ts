import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Page } from "../../protocol/pages.ts";
import type { TestClient } from "../support/client.ts";
import { makeCsvWithRejects } from "./support/csv.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 1, workers: 1 });

type Owner = { client: TestClient; datasets: string[] };
let ann: Owner;
let bob: Owner;

async function makeOwner(): Promise<Owner> {
  const client = await cluster().signUp();
  const uploads = [1, 2].map(() => client.upload(makeCsvWithRejects(40)));
  const submitted = (await Promise.all(uploads)).map(({ body }) => body);
  for (const { job } of submitted) await client.final(job.id);
  return { client, datasets: submitted.map(({ dataset }) => dataset.id) };
}

beforeAll(async () => {
  [ann, bob] = await Promise.all([makeOwner(), makeOwner()]);
});

const lists = ({ datasets: [first, second] }: Owner) => ({
  datasets: "/api/v1/datasets?limit=1",
  jobs: "/api/v1/jobs?limit=1",
  "completed jobs": "/api/v1/jobs?limit=1&state=completed",
  "completed imports": "/api/v1/jobs?limit=1&state=completed&kind=import",
  imports: "/api/v1/jobs?limit=1&kind=import",
  records: `/api/v1/datasets/${first}/records?limit=1`,
  "records of another dataset": `/api/v1/datasets/${second}/records?limit=1`,
  rejects: `/api/v1/datasets/${first}/rejects?limit=1`,
});
type List = keyof ReturnType<typeof lists>;
const names = Object.keys(lists({ client: null as never, datasets: [] })) as List[];

const cursorOf = async (owner: Owner, list: List) =>
  String((await owner.client.call<Page<unknown>>(lists(owner)[list])).body.next);
const go = ({ client }: Owner, path: string, cursor: string) =>
  client.call(`${path}&cursor=${encodeURIComponent(cursor)}`);

/** Every text that differs from `text` in one bit, by one end, or in its padding. */
function damage(text: string): string[] {
  const flipped = [...text].flatMap((sign, i) =>
    [0, 1, 2, 3, 4, 5, 6].map((bit) => {
      const other = String.fromCharCode(sign.charCodeAt(0) ^ (1 << bit));
      return text.slice(0, i) + other + text.slice(i + 1);
    }),
  );
  const cut = Array.from({ length: text.length - 1 }, (_, i) => text.slice(0, i + 1));
  return [
    "",
    "x".repeat(2000),
    ...flipped,
    ...cut,
    `${text}A`,
    `${text}=`,
    ` ${text}`,
    `${text}\n`,
    text.repeat(2),
  ];
}

describe("a cursor", () => {
  it.each(names)("of %s opens this list alone", async (list) => {
    const cursor = await cursorOf(ann, list);

    for (const other of names) {
      const answer = await go(ann, lists(ann)[other], cursor);

      if (other === list) expect(answer.status).toBe(200);
      else expectProblem(answer, "cursor_invalid");
    }
  });

  it.each<List>(["datasets", "jobs", "imports"])("of %s is its user's own", async (list) => {
    const answer = await go(bob, lists(bob)[list], await cursorOf(ann, list));

    expectProblem(answer, "cursor_invalid");
  });

  it("of somebody's rows doesn't show them to anybody else", async () => {
    const cursor = await cursorOf(ann, "records");

    expectProblem(await go(bob, lists(ann).records, cursor), "not_found");
    expectProblem(await go(bob, lists(bob).records, cursor), "cursor_invalid");
  });

  it("is refused with any one bit of it changed, or cut, or longer", async () => {
    const { client, datasets } = ann;
    const socket = client.socket();
    const cursors = await Promise.all([cursorOf(ann, "records"), cursorOf(ann, "datasets")]);
    const [datasetId = ""] = datasets;
    const read = (cursor: string, i: number) =>
      i === 0
        ? client.request(socket, "records:list", { datasetId, cursor })
        : client.request(socket, "datasets:list", { cursor });

    const tries = cursors.flatMap((cursor, i) => damage(cursor).map((text) => read(text, i)));
    const outcomes = await Promise.allSettled(tries);

    const codes = outcomes.map((o) => (o.status === "rejected" ? o.reason.code : "taken"));
    expect(codes.length).toBeGreaterThan(600);
    expect([...new Set(codes)]).toEqual(["cursor_invalid"]);
    expect(await read(cursors[0] ?? "", 0)).toMatchObject({ items: expect.any(Array) });
  });

  it("is refused when it is empty, and isn't the page that no cursor asks for", async () => {
    for (const list of Object.values(lists(ann))) {
      await ann.client.call(list);

      expectProblem(await go(ann, list, ""), "cursor_invalid");
    }
  });

  it("is refused with a sign of it changed over REST, too", async () => {
    const cursor = await cursorOf(ann, "rejects");
    const changed = [...cursor].map((sign, i) => {
      const other = sign === "x" ? "y" : "x";
      return cursor.slice(0, i) + other + cursor.slice(i + 1);
    });

    for (const text of changed) {
      expectProblem(await go(ann, lists(ann).rejects, text), "cursor_invalid");
    }
  });
});
