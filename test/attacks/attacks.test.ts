import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Cluster } from "../support/cluster.ts";
import { attacks } from "./all.ts";
import { findTraces } from "./kit/aftermath.ts";
import { type Neighbour, openNeighbour } from "./kit/neighbour.ts";
import { startOwn } from "./kit/own-cluster.ts";
import { runRow } from "./kit/run-row.ts";
import { createWorld, type World } from "./kit/world.ts";

let cluster: Cluster;
let world: World;
let neighbour: Neighbour;
beforeAll(async () => {
  cluster = await startOwn();
  world = createWorld(cluster.url(), cluster);
  neighbour = await openNeighbour(world);
});
afterAll(async () => {
  neighbour?.close();
  world?.close();
  await cluster?.[Symbol.asyncDispose]();
});

describe("an attack", () => {
  const quick = attacks.filter(({ isSlow }) => !isSlow).map((row) => [row.id, row.input, row]);

  it.each(quick as [string, string, (typeof attacks)[number]][])(
    "%s is answered as it should be: %s",
    async (_id, _input, row) => {
      const { got, problems } = await runRow(world, neighbour, row);

      expect(got).toEqual(row.expected);
      expect(problems).toEqual([]);
    },
  );
});

it("leaves nothing in the temporary folder, and a line of the log for whatever was refused", async () => {
  expect(await findTraces(world)).toEqual([]);
});

it("has a name of its own", () => {
  expect(new Set(attacks.map(({ id }) => id)).size).toBe(attacks.length);
});
