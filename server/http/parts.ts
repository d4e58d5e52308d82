import { once } from "node:events";
import type { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { Dicer } from "@fastify/busboy";
import { AppError } from "../errors.ts";

/** Values by lower-case name, a character for each byte. */
export type PartHeaders = Record<string, string[] | undefined>;

/** `headers` are there with the first piece. */
export type Part = { headers: PartHeaders };

/** A stretch of a part's content; every part has at least one, if only an empty one. */
export type Piece = { part: Part; data: Uint8Array };

type Open = { part: Part | null; body: Readable; isTold: boolean };

const mostHeaders = 20;
const nothing = new Uint8Array(0);

/**
 * The parts of a multipart body (RFC 2046) piece by piece, in order. The library's streams are read dry after
 * each chunk, so that no more than one is in memory and nothing happens but when the next piece is asked for.
 */
export async function* splitParts(
  source: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<Piece> {
  const dicer = new Dicer({ boundary, maxHeaderPairs: mostHeaders });
  let isOver = false;
  const over = once(dicer, "finish").then(
    () => {
      isOver = true;
    },
    (cause) => {
      throw damaged(cause);
    },
  );
  over.catch(() => {});
  const open: Open[] = [];
  dicer.on("part", (body: Readable) => {
    const one: Open = { part: null, body, isTold: false };
    open.push(one);
    body.once("header", (headers: PartHeaders) => {
      one.part = { headers };
    });
  });

  for await (const chunk of source) {
    // What follows the last boundary says nothing.
    if (isOver) continue;
    const written = new Promise((resolve) => dicer.write(chunk, resolve));
    for (const one of open) yield* readDry(one);
    await Promise.race([written, over]);
    // A part begins when the one before it is at its end.
    if (open.splice(0, open.length - 1).some(({ part }) => !part)) throw damaged();
  }
  // The last part tells its end a little later.
  if (!isOver) await turn();
  if (!isOver || open.some(({ part }) => !part)) throw damaged();
}

function* readDry(one: Open): Generator<Piece> {
  for (let data = one.body.read(); data !== null; data = one.body.read()) {
    if (!one.part) throw damaged();
    one.isTold = true;
    yield { part: one.part, data };
  }
  if (!one.part || one.isTold) return;
  one.isTold = true;
  yield { part: one.part, data: nothing };
}

const damaged = (cause?: unknown) =>
  new AppError("bad_request", "The form is damaged or cut off.", { cause });
