import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const readStatus = (pid: number, field: string): number => {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024;
};

/** Watches how far a process's memory rises above where it stands now, in bytes (proc(5): VmHWM). */
export function watchMemory(pid: number): () => number {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
  const before = readStatus(pid, "VmRSS");
  return () => readStatus(pid, "VmHWM") - before;
}

export type Held = { megabytes: number; descriptors: number };

/** What a process holds (Linux: /proc). */
export function measureProcess(pid: number): Held {
  const megabytes = Math.round(readStatus(pid, "VmRSS") / 1024 ** 2);
  return { megabytes, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}
