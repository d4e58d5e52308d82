import { once } from "node:events";
import { type ClientRequest, request } from "node:http";
import { request as requestSafely } from "node:https";
import { countStored } from "../../flows/support/stored.ts";
import type { TestClient } from "../../support/client.ts";
import type { World } from "./world.ts";

/** An upload that has begun and doesn't end. */
export async function beginUpload({ url, token }: TestClient): Promise<ClientRequest> {
  const send = url.startsWith("https:") ? requestSafely : request;
  const sent = send(`${url}/api/v1/datasets?name=slow`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "text/csv" },
    agent: false,
  });
  sent.on("error", () => {});
  sent.write("id\n");
  await once(sent, "socket");
  return sent;
}

/** What an act leaves in the store. */
export async function leavings(world: World, act: () => Promise<unknown>): Promise<string> {
  const before = JSON.stringify(await countStored(world.own()));
  await act();
  const after = JSON.stringify(await countStored(world.own()));
  return before === after ? "nothing kept" : `${before}, then ${after}`;
}

/** So many bytes that are made as they are sent. */
export function streamOf(piece: Uint8Array<ArrayBuffer>, times: number): ReadableStream {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent++ < times) controller.enqueue(piece);
      else controller.close();
    },
  });
}

/** Sends such a stream as an upload; throws where the connection breaks. */
export const sendStream = (client: TestClient, body: ReadableStream, headers = {}) =>
  client.call<{ job: { id: string }; code?: string }>("/api/v1/datasets?name=stream", {
    method: "POST",
    body,
    headers: { "Content-Type": "text/csv", ...headers },
    ...({ duplex: "half" } as object),
  });
