import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Starts a program of the benches and waits until it says that it is ready; it ends with its owner. */
export async function startProgram(path: string, env: Record<string, string>) {
  const child = spawn(process.execPath, ["--import", "tsx", path], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: "", ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // Dates stay dates.
    serialization: "advanced",
  });
  const exited = once(child, "exit");
  const early = exited.then(() => {
    throw new Error(`${path} has ended`);
  });
  early.catch(() => {});
  const nextMessage = () => Promise.race([once(child, "message").then(([said]) => said), early]);
  const ready: unknown = await nextMessage();

  return {
    pid: child.pid ?? 0,
    /** what it said when it was ready */
    ready,
    /** Tells it something and gives its answer; one question at a time. */
    async ask(question: object): Promise<unknown> {
      child.send(question);
      return nextMessage();
    },
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** The other end, within the program: answers each question with what `answer` gives. */
export function serveOwner<Question>(
  ready: object,
  answer: (question: Question) => Promise<object>,
) {
  process.on("message", async (question: Question) => process.send?.(await answer(question)));
  process.once("disconnect", () => process.exit());
  process.send?.(ready);
}
