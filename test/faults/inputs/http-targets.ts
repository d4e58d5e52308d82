import { Agent, request } from "node:http";
import { openRaw } from "../../flows/support/raw-http.ts";
import type { Call } from "./calls.ts";
import { rawRequests } from "./raw-requests.ts";
import { accountCalls, renames, restCalls } from "./routes.ts";
import { type AnyTarget, target } from "./target.ts";
import { inTurn, type World } from "./world.ts";

const answerMs = 20_000;
/** What is no whole request is answered only once its sender is through. */
const patienceMs = 150;

/** Sends a call over a kept connection; its code, or its status where it has none. */
export function createCaller(nextUrl: () => string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });

  function send({ method, path, headers, body }: Call, isAgain = false): Promise<string> {
    return new Promise((resolve) => {
      // Without it node:http sends a GET's body as if it were the next request.
      const length = body === null ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
      const asked = request(new URL(nextUrl()), {
        method,
        path,
        headers: { ...headers, ...length },
        agent: isAgain ? false : agent,
        timeout: answerMs,
      });
      asked.once("timeout", () => resolve("nothing"));
      asked.once("error", (err: NodeJS.ErrnoException) => {
        // A kept connection may be closed just as it is used again (node:http, `request.reusedSocket`).
        const isStale = asked.reusedSocket && err.code === "ECONNRESET" && !isAgain;
        resolve(isStale ? send({ method, path, headers, body }, true) : `lost: ${err.code}`);
      });
      asked.once("response", (answer) => {
        const status = String(answer.statusCode);
        if (/event-stream/.test(answer.headers["content-type"] ?? "")) {
          resolve(status);
          asked.destroy();
          return;
        }
        let text = "";
        answer.setEncoding("utf8").on("data", (piece) => {
          text += piece;
        });
        answer.once("end", () => resolve(codeOf(status, text)));
        answer.once("error", () => resolve("lost: answer cut off"));
      });
      asked.end(body ?? undefined);
    });
  }

  return send;
}

const codeOf = (status: string, text: string) => {
  if (status < "400") return status;
  return /"code":"(\w+)"/.exec(text)?.[1] ?? status;
};

/** What comes by HTTP: calls as node:http writes them, and bytes that are hardly a request. */
export function httpTargets(world: World): AnyTarget[] {
  const url = inTurn(world.cluster);
  const call = createCaller(url);
  const { fill } = world;
  const send = ({ method, path, headers, body }: Call): Promise<string> =>
    call({
      method,
      path: fill(path),
      headers: Object.fromEntries(
        Object.entries(headers).map(([key, value]) => [key, fill(value)]),
      ),
      body: body === null ? null : fill(body),
    });
  const sendAs = (token: string) => (one: Call) =>
    send({ ...one, headers: { ...one.headers, Authorization: `Bearer ${token}` } });

  return [
    target({ name: "REST calls", share: 80, atOnce: 16, input: restCalls, send }),
    target({ name: "names", share: 2, atOnce: 4, input: renames, send }),
    target({
      ...{ name: "accounts", share: 2, atOnce: 2 },
      input: accountCalls,
      send: sendAs(world.carl.token),
    }),
    target({
      ...{ name: "raw HTTP", share: 25, atOnce: 16, input: rawRequests },
      show: (text) => JSON.stringify(text),
      send: (text) => sendBytes(url(), fill(text)),
    }),
  ];
}

/** The statuses that bytes are answered with until the connection is at its end. */
async function sendBytes(url: string, text: string): Promise<string> {
  const socket = await openRaw(url);
  let answer = "";
  const code = new Promise<string>((resolve) => {
    const late = setTimeout(resolve, answerMs, "nothing");
    const through = setTimeout(() => socket.end(), patienceMs);
    socket.setEncoding("latin1").on("data", (piece) => {
      answer += piece;
      clearTimeout(through);
      socket.end();
      // A stream or a WebSocket has no end of its own.
      if (/^HTTP\/1.1 (101|200 .*event-stream)/s.test(answer)) socket.destroy();
    });
    socket.once("close", () => {
      clearTimeout(late);
      clearTimeout(through);
      const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
      resolve(
        statuses.find((status = "") => status >= "500" && status !== "503") ??
          statuses[0] ??
          "closed",
      );
    });
  });
  socket.write(Buffer.from(text, "latin1"));
  return code;
}
