import { goodPassword } from "../support/client.ts";
import { importAll, sampleOf } from "./kit/dataset.ts";
import { inTurn } from "./kit/patience.ts";
import { askFor, codesOf, exportAll, rowsOf } from "./kit/records.ts";
import { distinct, type Row } from "./kit/row.ts";
import { newEmail } from "./kit/sign-in.ts";
import { codeOf } from "./kit/tokens.ts";

const invalid = "validation_failed";

const where = (column: string, op: string, value: unknown) => ({ filter: [{ column, op, value }] });

export const queries: Row[] = [
  {
    id: "Q01",
    input: "limit 0, -1, 1,000,000,000",
    expected: [invalid, invalid, 200],
    async act(world) {
      const codes = await codesOf(world, [{ limit: 0 }, { limit: -1 }]);
      const all = await askFor(await sampleOf(world), { limit: 1_000_000_000 });
      return [...codes, all.body.items.length];
    },
  },
  {
    id: "Q03",
    input: "$where at top level",
    expected: [[invalid], [invalid]],
    async act(world) {
      const evil = { $where: "sleep(5000)" };
      const list = await sampleOf(world).then(({ client }) =>
        client.call("/api/v1/datasets?$where=sleep(5000)"),
      );
      return [distinct(await codesOf(world, [evil, { filter: evil }])), [codeOf(list)]];
    },
  },
  {
    id: "Q05",
    input: "operators in place of values",
    expected: [invalid],
    act: async (world) =>
      distinct(
        await codesOf(world, [
          where("text", "eq", { $ne: null }),
          where("n", "gt", { $gt: "" }),
          { "filter[$ne]": "" },
          { sort: { column: { $gt: "" }, direction: "asc" } },
        ]),
      ),
  },
  {
    id: "Q08",
    input: "search for (a+)+$ and .*",
    expected: [[8], []],
    async act(world) {
      const sample = await sampleOf(world);
      return inTurn(["(a+)+$", ".*"], async (text) =>
        rowsOf(await askFor(sample, where("text", "contains", text))),
      );
    },
  },
  {
    id: "Q09",
    input: "sort by passwordHash, _id, a field of ours",
    expected: [invalid],
    act: async (world) =>
      distinct(
        await codesOf(
          world,
          ["passwordHash", "_id", "ownerId", "v.0"].map((column) => ({
            sort: { column, direction: "asc" },
          })),
        ),
      ),
  },
  {
    id: "Q20",
    input: "filter by another owner, $or around the owner",
    expected: [[invalid], invalid],
    async act(world) {
      const [bob, { client }] = [await world.bob(), await sampleOf(world)];
      const owner = where("ownerId", "eq", bob.user.id);
      const either = { filter: [{ $or: [{ ownerId: bob.user.id }, {}] }] };
      const list = await client.call(`/api/v1/datasets?ownerId=${bob.user.id}`);
      return [distinct(await codesOf(world, [owner, either])), codeOf(list)];
    },
  },
  {
    id: "Q24",
    input: "CSV export of cells that a spreadsheet would run",
    expected: ["a", "'=1+1", "'+x", "'-x", "'@x", '"\'\tx"', '"\'\rx"', '"say ""hi"", ok"', ""],
    async act(world) {
      const client = await world.newcomer();
      const cells = ["=1+1", "+x", "-x", "@x", "\tx", '"\rx"', '"say ""hi"", ok"'];
      const { dataset } = await importAll(client, `a\n${cells.join("\n")}\n`);
      return (await exportAll(client, dataset.id)).text.split("\n");
    },
  },
  {
    id: "Q27",
    input: "register and PATCH with roles, _id, __v, ownerId, passwordHash",
    expected: [[invalid], [invalid], "unchanged"],
    async act(world) {
      const fields = ["roles", "_id", "__v", "ownerId", "passwordHash"];
      const registered = await inTurn(fields, async (field) => {
        const json = { email: newEmail(), password: goodPassword, [field]: ["admin"] };
        return codeOf(await world.post("/api/v1/auth/register", json));
      });
      const { client, dataset } = await sampleOf(world);
      const path = `/api/v1/datasets/${dataset.id}`;
      const before = JSON.stringify((await client.call(path)).body);
      const patched = await inTurn(fields, async (field) =>
        codeOf(await client.call(path, { method: "PATCH", json: { name: "x", [field]: "x" } })),
      );
      const after = JSON.stringify((await client.call(path)).body);
      return [distinct(registered), distinct(patched), before === after ? "unchanged" : after];
    },
  },
];
