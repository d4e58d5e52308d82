import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { request } from "../../../client/request.ts";
import type { DataRecord } from "../../../protocol/datasets.ts";
import type { Submitted } from "../../../protocol/jobs.ts";
import type { Page } from "../../../protocol/pages.ts";
import type { TestClient } from "../../support/client.ts";
import type { Caller } from "./keep-alive.ts";

type Step = () => Promise<unknown>;

/** Turns the pages of a dataset over HTTP, from the first again after the last. */
export function createReader(caller: Caller, url: string, datasetId: string): Step {
  let cursor: string | null = null;
  return async () => {
    const path = `/api/v1/datasets/${datasetId}/records?limit=50`;
    const query: string = cursor ? `&cursor=${cursor}` : "";
    const page: Page<DataRecord> = await caller.ask(url, path + query, 200);
    if (page.items.length === 0) throw new Error("an empty page");
    cursor = page.next;
  };
}

/** The same over sockets: several readers share one connection. */
export function createSocketReaders(
  client: TestClient,
  url: string,
  datasetId: string,
  count: number,
): Step[] {
  const socket = client.socket(url);
  return Array.from({ length: count }, () => {
    let cursor: string | null = null;
    return async () => {
      const query: { cursor?: string } = cursor ? { cursor } : {};
      const page = await request(socket, "records:list", { datasetId, limit: 50, ...query });
      if (page.items.length === 0) throw new Error("an empty page");
      cursor = page.next;
    };
  });
}

const rowsOf = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1},x\n`);

/** Uploads files of `rows` rows; with `restMs` each piece of a tenth comes so long after the last. */
export function createUploader(
  caller: Caller,
  url: string,
  { rows = 100, restMs = 0, accepted }: { rows?: number; restMs?: number; accepted: Submitted[] },
): Step {
  const lines = rowsOf(rows);
  async function* trickle() {
    yield "id,text\n";
    for (let at = 0; at < rows; at += rows / 10) {
      yield lines.slice(at, at + rows / 10).join("");
      await pause(restMs);
    }
  }
  return async () => {
    const headers = { "Content-Type": "text/csv", "Idempotency-Key": randomUUID() };
    const body = restMs > 0 ? trickle() : `id,text\n${lines.join("")}`;
    const call = { method: "POST", headers, body };
    accepted.push(await caller.ask<Submitted>(url, "/api/v1/datasets?name=small.csv", 202, call));
  };
}
