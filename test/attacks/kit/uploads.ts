import { request } from "node:http";
import { request as requestSafely } from "node:https";
import { Readable } from "node:stream";
import { countStored } from "../../flows/support/stored.ts";
import type { TestClient } from "../../support/client.ts";
import type { World } from "./world.ts";

/** An upload that has begun and doesn't end; `status` comes where it is refused meanwhile. */
export function beginUpload({ url, token }: TestClient) {
  const send = url.startsWith("https:") ? requestSafely : request;
  const sent = send(`${url}/api/v1/datasets?name=slow`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "text/csv" },
    agent: false,
  });
  sent.on("error", () => {});
  const status = new Promise<number>((resolve) =>
    sent.once("response", ({ statusCode = 0 }) => resolve(statusCode)),
  );
  sent.write("id\n");
  return { status, end: () => sent.destroy() };
}

/** What an act leaves in the store. */
export async function leavings(world: World, act: () => Promise<unknown>): Promise<string> {
  const before = JSON.stringify(await countStored(world.own()));
  await act();
  const after = JSON.stringify(await countStored(world.own()));
  return before === after ? "nothing kept" : `${before}, then ${after}`;
}

/** A piece, so many times. */
export function* repeat(piece: Uint8Array, times: number): Generator<Uint8Array> {
  for (let i = 0; i < times; i++) yield piece;
}

type Sent = { status: number; body: { code?: string; job?: { id: string } } };

/** Uploads bytes that are made as they are sent; what the server says meanwhile is heard, too. */
export function sendPieces(
  { url, token }: TestClient,
  pieces: Iterable<Uint8Array>,
  headers: Record<string, string> = {},
): Promise<Sent> {
  const send = url.startsWith("https:") ? requestSafely : request;
  const always = { Authorization: `Bearer ${token}`, "Content-Type": "text/csv" };
  return new Promise((resolve, reject) => {
    const sent = send(`${url}/api/v1/datasets?name=pieces`, {
      method: "POST",
      headers: { ...always, ...headers },
      agent: false,
    });
    // The server may be through with it before all is sent.
    sent.on("error", reject);
    sent.once("response", async (answer) => {
      let text = "";
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) });
    });
    Readable.from(pieces).pipe(sent);
  });
}
