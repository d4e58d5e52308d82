import type { Process } from "../../support/processes.ts";
import { createLookout } from "./lookout.ts";

/** Waits until a process has logged this event. */
export async function untilLogged(
  process: Process,
  event: string,
  seconds?: number,
): Promise<void> {
  const { tell, until } = createLookout();
  const { stdout } = process.child;
  stdout?.on("data", tell);
  await until(() => process.output().includes(`"event":"${event}"`) || undefined, event, seconds);
  stdout?.off("data", tell);
}
