import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeThrowAwayFolder } from "../../../scripts/processes/guard.mjs";
import { findMongod } from "../../../scripts/setup/mongod.mjs";
import { eventually } from "../../flows/support/eventually.ts";
import { type SetMember, startMember } from "./set-member.ts";

const name = "rs0";

/** A MongoDB of three members, each behind a proxy of its own by which all others know it. */
export async function startReplicaSet() {
  const program = await findMongod();
  const folder = makeThrowAwayFolder();
  const members: SetMember[] = [];
  for (const member of ["first", "second", "third"]) {
    const path = join(folder, member);
    await mkdir(path);
    members.push(await startMember(program, path, name));
  }
  await members[0]?.ask({
    replSetInitiate: {
      _id: name,
      members: members.map(({ host }, _id) => ({ _id, host })),
      settings: { electionTimeoutMillis: 2000, heartbeatIntervalMillis: 500 },
    },
  });

  async function statesOf(): Promise<string[]> {
    return Promise.all(members.map(({ state }) => state()));
  }

  async function findPrimary(): Promise<SetMember> {
    const states = await eventually(statesOf, (all) => all.includes("primary"));
    const primary = members[states.indexOf("primary")];
    if (!primary) throw new Error(`there is no primary: ${states}`);
    return primary;
  }

  /** Resolves when each member is the primary or follows it. */
  async function untilWhole(): Promise<void> {
    const isWhole = (all: string[]) => `${all.toSorted()}` === "primary,secondary,secondary";
    const states = await eventually(statesOf, isWhole);
    if (!isWhole(states)) throw new Error(`the set isn't whole: ${states}`);
  }

  await untilWhole();
  return {
    uri: `mongodb://${members.map(({ host }) => host)}/?replicaSet=${name}`,
    members,
    findPrimary,
    untilWhole,
    /** For each connection of a client, towards whichever member. */
    slowDown(bytesPerSecond: number): void {
      for (const { line } of members) line.toServer.set({ bytesPerSecond });
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(members.map((member) => member.end()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type ReplicaSet = Awaited<ReturnType<typeof startReplicaSet>>;
