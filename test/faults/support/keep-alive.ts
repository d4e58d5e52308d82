import { Agent, type ClientRequest, request } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

type Call = {
  method?: string;
  headers?: Record<string, string>;
  /** pieces are sent as they come, over a connection of their own */
  body?: string | AsyncIterable<string>;
};

/**
 * HTTP as a careful script does it: connections are kept, and what a kept one refused because the node
 * had just closed it is sent once more (node:http, `request.reusedSocket`).
 */
export function createCaller(token: string) {
  const kept = new Agent({ keepAlive: true });

  async function send(url: URL, call: Call, isAgain: boolean): Promise<[number, string]> {
    const isStream = typeof call.body === "object";
    const asked = request(url, {
      method: call.method ?? "GET",
      headers: { Authorization: `Bearer ${token}`, ...call.headers },
      agent: isStream ? new Agent() : kept,
    });
    try {
      const answered = untilAnswered(asked);
      const { body } = call;
      if (typeof body === "object")
        await Promise.all([pipeline(Readable.from(body), asked), answered]);
      else asked.end(body);
      return await answered;
    } catch (err) {
      if (isAgain || !asked.reusedSocket || !isReset(err)) throw err;
      return send(url, call, true);
    }
  }

  return {
    /** The parsed answer; throws an error that names any other status than `expected`. */
    async ask<T>(at: string, path: string, expected: number, call: Call = {}): Promise<T> {
      const [status, body] = await send(new URL(path, at), call, false);
      if (status !== expected) throw new Error(`${status}: ${body.slice(0, 200)}`);
      return JSON.parse(body) as T;
    },
    close: () => kept.destroy(),
  };
}

export type Caller = ReturnType<typeof createCaller>;

const isReset = (err: unknown) =>
  err instanceof Error && "code" in err && err.code === "ECONNRESET";

const untilAnswered = (asked: ClientRequest) =>
  new Promise<[number, string]>((resolve, reject) => {
    asked.once("error", reject);
    asked.once("response", (response) => {
      text(response).then((body) => resolve([response.statusCode ?? 0, body]), reject);
    });
  });
