import { type EngineConnection, overlookFailedWrites, webSocketOf } from "./transport.ts";

/** Over either the connection is cut off. */
const most = { bytes: 1024 * 1024, packets: 500, answers: 2000 };
/** Answers wait until less than this is on its way, so that asking for much makes nobody a slow reader. */
const roomy = { bytes: 256 * 1024, packets: 250 };

type Packet = { data?: unknown };

/**
 * What waits to be read at the other end of a connection. With over 1 MiB or 500 packets waiting it is cut off
 * at once: a close in good order would hold all of that until the reader takes it.
 */
export function createOutbound(connection: EngineConnection, tellSlow: () => void) {
  const socket = webSocketOf(connection);
  const inLine = { bytes: 0, packets: 0 };
  let packetsSent = 0;
  let answers = 0;
  let isCut = false;
  const wakers: (() => void)[] = [];

  overlookFailedWrites(connection);

  const isOver = (limit: { bytes: number; packets: number }) =>
    inLine.bytes + socket.bufferedAmount > limit.bytes ||
    inLine.packets + packetsSent >= limit.packets;

  function cut(): void {
    if (isCut) return;
    isCut = true;
    tellSlow();
    socket.terminate();
  }

  function wake(): void {
    for (const resolve of wakers.splice(0)) resolve();
  }

  connection.on("packetCreate", ({ data }: Packet) => {
    if (isOver(most)) cut();
    inLine.packets += 1;
    if (typeof data === "string" || Buffer.isBuffer(data)) inLine.bytes += data.length;
  });
  // What stood in line is with the WebSocket now, which counts its bytes by itself.
  connection.on("flush", () => {
    packetsSent = inLine.packets;
    Object.assign(inLine, { bytes: 0, packets: 0 });
  });
  connection.transport.on("drain", () => {
    packetsSent = 0;
    wake();
  });
  connection.once("close", wake);

  const isFull = () => connection.readyState === "open" && isOver(roomy);
  const change = () => new Promise<void>((resolve) => wakers.push(resolve));

  return {
    /** Resolves once an answer may be made: there is room for it, or nobody to have it. */
    async room(): Promise<void> {
      while (isFull()) await change();
    },

    /** Sends an answer when there is room for it. */
    async answer(send: () => void): Promise<void> {
      answers += 1;
      if (answers > most.answers) cut();
      // Nothing may come between the last look and the sending, or all that wait would send at once.
      while (isFull()) await change();
      answers -= 1;
      send();
    },
  };
}

export type Outbound = ReturnType<typeof createOutbound>;
