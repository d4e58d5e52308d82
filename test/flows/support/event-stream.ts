import type { Job } from "../../../protocol/jobs.ts";
import { createLookout } from "../../faults/support/lookout.ts";
import type { TestClient } from "../../support/client.ts";

export type Sent = { id: string; seq: number; type: string; job: Job };
type Options = { at?: string; after?: string | undefined };

/** Reads the server-sent events of a job as `curl -N` would, and keeps them. */
export async function openEvents(client: TestClient, jobId: string, options: Options = {}) {
  const { at = client.url, after } = options;
  const controller = new AbortController();
  const { status, headers, body } = await fetch(`${at}/api/v1/jobs/${jobId}/events`, {
    signal: controller.signal,
    headers: {
      Authorization: `Bearer ${client.token}`,
      ...(after !== undefined && { "Last-Event-ID": after }),
    },
  });
  const events: Sent[] = [];
  const comments: string[] = [];
  const { tell, until } = createLookout();

  function take(block: string): void {
    if (block.startsWith(":")) comments.push(block.slice(1).trim());
    else if (!block.startsWith("retry: ")) events.push(parse(block));
    tell();
  }

  async function read(): Promise<void> {
    let rest = "";
    for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + text).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) take(block);
    }
  }
  const ended = read();
  ended.catch(() => {});

  return {
    status,
    headers,
    events,
    comments,
    /** resolves when the server has ended the stream, rejects when it broke off */
    ended,
    until: (isIt: (sent: Sent) => boolean, what: string) => until(() => events.find(isIt), what),
    leave: () => controller.abort(),
  };
}

function parse(block: string): Sent {
  const fields = new Map(
    block.split("\n").map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  const id = fields.get("id") ?? "";
  const [type = "", data = "null"] = [fields.get("event"), fields.get("data")];
  return { id, seq: Number(id.split(":")[1]), type, job: JSON.parse(data) };
}

/** Whether each event but a snapshot comes right after the one before. */
export const isUnbroken = (events: Sent[]): boolean =>
  events.every(({ seq, type }, i) => {
    const last = events[i - 1];
    return !last || type === "snapshot" || seq === last.seq + 1;
  });
