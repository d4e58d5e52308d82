import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Cluster, ownStores, startCluster } from "../support/cluster.ts";
import { eventually } from "./support/eventually.ts";

const user = `u${randomBytes(6).toString("hex")}`;
/** As many characters of an address as a password can have in it. */
const password = `p@ss/${randomBytes(9).toString("hex")}`;
const wrong = `wr@ng/${randomBytes(9).toString("hex")}`;

const given = ownStores();
/** An address of the test run's stores with a user in it. */
function withUser(address: string, typed: string): string {
  const credentials = `${user}:${encodeURIComponent(typed)}`;
  return address.replace("://", `://${credentials}@`);
}
const mongoUri = (typed: string) => `${withUser(given.mongoUri, typed)}&authSource=admin`;
const redisUrl = (typed: string) => withUser(given.redisUrl, typed);

let admin: Cluster;
let cluster: Cluster;
beforeAll(async () => {
  admin = await startCluster({ api: 0, workers: 0 });
  await admin.redis.acl("SETUSER", user, "on", `>${password}`, "~*", "&*", "+@all");
  await admin.mongo
    .useDb("admin")
    .db?.command({ createUser: user, pwd: password, roles: ["root"] });
  const servers = { MONGODB_URI: mongoUri(password), REDIS_URL: redisUrl(password) };
  cluster = await startCluster({ servers });
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await admin?.redis.acl("DELUSER", user);
  await admin?.mongo.useDb("admin").db?.command({ dropUser: user });
  await admin?.[Symbol.asyncDispose]();
});

describe("addresses with a user and a password in them", () => {
  it("are used, and an import goes through", async () => {
    const ann = await cluster.signUp();

    const { body } = await ann.upload("id\n1\n2\n");
    const job = await ann.final(body.job.id);

    expect(job).toMatchObject({ state: "completed", result: { rowsImported: 2 } });
  });

  it("are refused at once where MongoDB refuses them, without a word of the password", async () => {
    const settings = { MONGODB_URI: mongoUri(wrong) };
    const refused = await cluster.start("api", 1, settings).catch(({ message }) => message);

    expect(refused).toMatch(/Sluice can't start: .*MONGODB_URI.*\nAuthentication failed/);
    expect(refused).not.toContain(wrong);
  });

  it("are refused at once where MongoDB's can't be read, without a word of it", async () => {
    const settings = { MONGODB_URI: `mongo://${user}:${wrong}@127.0.0.1/x` };
    const refused = await cluster.start("api", 1, settings).catch(({ message }) => message);

    expect(refused).toMatch(/Sluice can't start: .*MONGODB_URI/);
    expect(refused).not.toContain(wrong);
  });

  it("are logged as refused where Redis refuses them, without a word of the password", async () => {
    const node = await cluster.start("api", 1, { REDIS_URL: redisUrl(wrong) });
    const log = await eventually(
      async () => node.output(),
      (text) => text.includes("redis_down"),
    );

    expect(log).toMatch(/WRONGPASS/);
    expect(log).not.toContain(wrong);
  });
});
