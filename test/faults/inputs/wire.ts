import { io, type Socket } from "socket.io-client";

const answerMs = 20_000;

type Options = { url: string; auth: object; query?: Record<string, string> };
type Refusal = Error & { data?: { code?: string } };

/**
 * A connection that is greeted by Socket.IO's own client and from then on written packet by packet: the client
 * would not send what is attacked with here. Null with the code of a refusal.
 */
export async function openWire({ url, auth, query = {} }: Options) {
  const socket = io(url, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    timeout: answerMs,
    auth: { ...auth },
    query,
  });
  const refused = await new Promise<string | null>((resolve) => {
    socket.once("hello", () => resolve(null));
    socket.once("disconnect", () => resolve("closed"));
    socket.once("connect_error", ({ data, message }: Refusal) => resolve(data?.code ?? message));
  });
  if (refused === null) return { refused, wire: takeOver(socket) };
  socket.disconnect();
  return { refused, wire: null };
}

function takeOver(socket: Socket) {
  const { engine } = socket.io;
  const waiting = new Map<string, (code: string) => void>();
  let nextId = 1000;
  let isClosed = false;
  // From here on nobody else reads what comes.
  engine.off("data");
  engine.on("message", (packet: unknown) => {
    const [all = "", id = ""] = /^43(\d+)|^3(\d+)/.exec(String(packet)) ?? [];
    const key = id || all.slice(1);
    waiting.get(key)?.(codeOf(String(packet).slice(all.length)));
    if (String(packet).startsWith("1")) close("closed");
  });
  engine.on("close", () => close("closed"));

  function close(code: string): void {
    isClosed = true;
    for (const answer of waiting.values()) answer(code);
    engine.close();
  }

  function send(packet: string | Buffer): void {
    if (!isClosed) engine.send(packet);
  }

  return {
    send,
    /** A WebSocket's message, without the type that engine.io puts before a packet. */
    sendRaw(message: string): void {
      const { ws } = engine.transport as unknown as { ws: { send(message: string): void } };
      if (!isClosed) ws.send(message);
    },
    /** Sends an event with an acknowledgement; its code, `closed` or `nothing`. */
    ask(event: string, args: readonly string[]): Promise<string> {
      if (isClosed) return Promise.resolve("closed");
      const id = String(nextId++);
      return new Promise((resolve) => {
        const answer = (code: string) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(code);
        };
        const timer = setTimeout(answer, answerMs, "nothing");
        waiting.set(id, answer);
        send(`2${id}[${[JSON.stringify(event), ...args].join(",")}]`);
      });
    },
    isClosed: () => isClosed,
    close: () => close("closed"),
  };
}

export type Wire = ReturnType<typeof takeOver>;

/** Of an acknowledgement's text. */
function codeOf(text: string): string {
  if (text.startsWith('[{"ok":true')) return "ok";
  return /^\[\{"ok":false,"error":\{"code":"(\w+)"/.exec(text)?.[1] ?? `lost: ${text.slice(0, 80)}`;
}
