import { readdirSync, readFileSync } from "node:fs";
import type { Redis } from "ioredis";

/** Clock ticks a second in /proc (sysconf(_SC_CLK_TCK) is 100 on every Linux of today). */
const ticksPerSecond = 100;

/** CPU seconds that a process has used so far, in user and kernel mode (proc(5), `stat`). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The command's name stands in parentheses and may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** The same to the nanosecond, without threads that have ended (proc(5), `schedstat`). */
export function threadSeconds(pid: number): number {
  const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const [used] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
    return Number(used);
  });
  return nanoseconds.reduce((sum, used) => sum + used, 0) / 1e9;
}

export async function redisPid(redis: Redis): Promise<number> {
  return Number(/^process_id:(\d+)/m.exec(await redis.info("server"))?.[1]);
}

/** The most memory a process has had so far, in MiB (proc(5), `VmHWM`). */
export function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

export type Usage = { wall: number; cpu: Record<string, number> };

export const sumCpu = ({ cpu }: Usage): number =>
  Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0);

/** Wall and CPU seconds of `work`, the latter for each named process. */
export async function measure(
  pids: Record<string, number>,
  work: () => Promise<unknown>,
): Promise<Usage> {
  const read = () => Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)] as const);
  const before = Object.fromEntries(read());
  const started = performance.now();
  await work();
  const wall = (performance.now() - started) / 1000;
  const cpu = read().map(([name, used]) => [name, used - (before[name] ?? 0)] as const);
  return { wall, cpu: Object.fromEntries(cpu) };
}
