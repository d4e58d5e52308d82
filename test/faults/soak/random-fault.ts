import { setTimeout as pause } from "node:timers/promises";
import { redeploy } from "../support/deploy.ts";
import type { Line } from "../support/proxy.ts";
import type { Random } from "../support/random.ts";
import type { Member, Rig } from "../support/rig.ts";

/** Does one thing after the other to a rig; its first node and first worker are never ended. */
export function createFaults(rig: Rig, random: Random) {
  const [, ...otherNodes] = rig.nodes;
  const [, ...otherWorkers] = rig.workers;
  const mortals = [...otherNodes, ...otherWorkers];
  const members = [...rig.nodes, ...rig.workers];
  const seconds = (most: number) => random.between(500, most * 1000);

  function pickLine(): { line: Line; name: string } {
    const member = random.pick(members);
    const lines = { redis: member.redis, mongo: member.mongo, front: member.front };
    const [name, line] = random.pick(Object.entries(lines).filter(([, line]) => line !== null));
    if (!line) throw new Error("no line to spoil");
    return { line, name: `${member.name}'s line, ${name}` };
  }

  async function kill(): Promise<string> {
    const member = random.pick(mortals);
    await member.kill();
    await pause(seconds(2));
    leadToFirst(member);
    await pause(seconds(5));
    await member.restart();
    return `kill -9 of ${member.name}`;
  }

  function leadToFirst({ front }: Member): void {
    const url = rig.nodes[0]?.process.url;
    if (url) front?.leadTo(url);
  }

  async function deploy(): Promise<string> {
    const member = random.pick(mortals);
    const { code } = await redeploy(member, rig.nodes[0]);
    return `SIGTERM to ${member.name}, left with ${code}`;
  }

  async function freeze(): Promise<string> {
    const member = random.pick(members);
    const { child } = member.process;
    const ms = seconds(12);
    child.kill("SIGSTOP");
    await pause(ms);
    child.kill("SIGCONT");
    return `SIGSTOP of ${member.name} for ${ms} ms`;
  }

  async function stall(): Promise<string> {
    const { line, name } = pickLine();
    const ms = seconds(10);
    line.stall();
    await pause(ms);
    line.go();
    return `stalled ${name} for ${ms} ms`;
  }

  async function cut(): Promise<string> {
    const { line, name } = pickLine();
    line.cut();
    return `cut ${name}`;
  }

  async function reset(): Promise<string> {
    const { line, name } = pickLine();
    line.reset();
    return `reset ${name}`;
  }

  async function flush(): Promise<string> {
    await rig.cluster.redis.flushall();
    return "FLUSHALL";
  }

  const all = [kill, deploy, freeze, stall, cut, reset, flush];
  let left: typeof all = [];
  return {
    /** Injects the next fault and ends it; says what it was. Each kind comes once before any comes again. */
    async strike(): Promise<string> {
      if (left.length === 0) left = [...all];
      const chosen = random.pick(left);
      left = left.filter((fault) => fault !== chosen);
      return chosen();
    },
  };
}
