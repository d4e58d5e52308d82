import { randomInt } from "node:crypto";
import type { Answer } from "../support/client.ts";
import { importAll, sampleOf } from "./kit/dataset.ts";
import { median } from "./kit/median.ts";
import { inTurn, patiently } from "./kit/patience.ts";
import { askFor, codesOf, type Found, pathOf, rowsOf } from "./kit/records.ts";
import { distinct, oneOf, type Row } from "./kit/row.ts";
import { codeOf } from "./kit/tokens.ts";
import type { World } from "./kit/world.ts";

const zeros = "0".repeat(22);

/** The cursor with one bit of it changed. */
function flip(cursor: string, bit: number): string {
  const bytes = Buffer.from(cursor, "base64url");
  const place = bit >> 3;
  bytes[place] = (bytes[place] ?? 0) ^ (1 << (bit & 7));
  return bytes.toString("base64url");
}

const withoutId = ({ status, body }: Answer): unknown => {
  const { requestId: _, ...rest } = Object(body);
  return { status, ...rest };
};

/** Rows numbered from 1. */
const numbered = (count: number) =>
  `n\n${Array.from({ length: count }, (_, i) => `${i + 1}\n`).join("")}`;

/** Walks page by page; the ms of each, and the row that was shown last. */
async function walk(world: World, pages: number) {
  const client = await world.newcomer();
  const { dataset } = await importAll(client, numbered(pages));
  const times: number[] = [];
  let rows: number[] = [];
  let cursor = "";
  for (let page = 0; page < pages; page++) {
    const path = pathOf(dataset.id, { limit: 1, ...(cursor && { cursor }) });
    const answer = await patiently(async () => {
      const begun = performance.now();
      const answer = await client.call<Found>(path);
      if (answer.status === 200) times.push(performance.now() - begun);
      return answer;
    });
    rows = rowsOf(answer);
    cursor = answer.body.next;
  }
  return { times, rows };
}

/** Pages, cursors and ids. */
export const cursors: Row[] = [
  {
    id: "Q13",
    input: "cursor with one bit changed (1,000 at random), cut, empty",
    expected: ["cursor_invalid"],
    isSlow: true,
    async act(world) {
      const sample = await sampleOf(world);
      const { body } = await askFor(sample, { limit: 2 });
      const bits = 8 * Buffer.from(body.next, "base64url").length;
      const changed = Array.from({ length: 1000 }, () => flip(body.next, randomInt(bits)));
      const cursors = [...changed, body.next.slice(0, -4), body.next.slice(0, 4), ""];
      return distinct(
        await codesOf(
          world,
          cursors.map((cursor) => ({ limit: 2, cursor })),
        ),
      );
    },
  },
  {
    id: "Q14",
    input: "cursor of another user",
    expected: ["a cursor", "cursor_invalid"],
    async act(world) {
      const [{ client }, bob] = [await sampleOf(world), await world.bob()];
      await importAll(client, "id\n1\n");
      const { body } = await client.call<{ next: string }>("/api/v1/datasets?limit=1");
      const stolen = await bob.call(`/api/v1/datasets?limit=1&cursor=${body.next}`);
      return [body.next ? "a cursor" : body.next, codeOf(stolen)];
    },
  },
  {
    id: "Q18",
    input: "ids that are none, and another user's",
    expected: [["400 or 404"], "the same answer"],
    async act(world) {
      const [{ dataset }, bob] = [await sampleOf(world), await world.bob()];
      const ids = [zeros, "0123456789abcdef0123456", "abcdefghijkl", "..%2f..%2fetc", "%00"];
      const statuses = await inTurn([...ids, "a".repeat(10_000)], async (id) => {
        const { status } = await patiently(() => bob.call(`/api/v1/datasets/${id}`));
        return oneOf(status, 400, 404);
      });
      const [theirs, nobodys] = await inTurn([dataset.id, zeros], async (id) =>
        JSON.stringify(withoutId(await bob.call(`/api/v1/datasets/${id}`))),
      );
      return [distinct(statuses), theirs === nobodys ? "the same answer" : [theirs, nobodys]];
    },
  },
  {
    id: "Q22",
    input: "deep walk to page 2,000; skip",
    expected: [[2000], "flat", "validation_failed"],
    isSlow: true,
    async act(world) {
      const { times, rows } = await walk(world, 2000);
      const [first, last] = [median(times.slice(0, 200)), median(times.slice(-200))];
      const [skip] = await codesOf(world, [{ skip: 100 }]);
      return [rows, last < 2 * first + 5 ? "flat" : [first, last], skip];
    },
  },
];
