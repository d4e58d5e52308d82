import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { choosePort } from "../processes/ports.mjs";
import { stateFolder } from "./project.mjs";
import { SetupError } from "./say.mjs";
import { readNumber } from "./settings.mjs";

export const usage = `npm run -s cluster -- [--api 3] [--workers 2] [--port 4000] [--front PORT]
                          [--fresh] [--data FOLDER]

  --api N        API nodes, on consecutive ports
  --workers N    worker processes
  --port N       the first API node's port; 0 picks a free one
  --front N      also a TCP front on this port, which spreads connections over the
                 live nodes, so that a browser can lose its node
  --fresh        begins with an empty data folder; servers given by MONGODB_URI
                 and REDIS_URL keep what they hold
  --data FOLDER  data, logs and keys, instead of .sluice/cluster-<port>

Standard output holds one JSON line per process, {"role","index","pid","url"}, and
then {"ready":true}; a process that was started again gets a line again. npm prints
two lines of its own before them unless it is called with -s.`;

function parse() {
  try {
    const { values } = parseArgs({
      options: {
        api: { type: "string", default: "3" },
        workers: { type: "string", default: "2" },
        port: { type: "string", default: "4000" },
        front: { type: "string" },
        fresh: { type: "boolean", default: false },
        data: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

/** What the command line asks for, or null when it asks for help. */
export async function readClusterArguments() {
  const given = parse();
  if (given.help) return null;
  const api = readNumber(given.api, { name: "--api", min: 0, max: 64 });
  const workers = readNumber(given.workers, { name: "--workers", min: 0, max: 64 });
  const wanted = readNumber(given.port, { name: "--port", min: 0, max: 65_535 - api });
  const port = wanted === 0 ? await choosePort() : wanted;
  const front =
    given.front === undefined
      ? null
      : readNumber(given.front, { name: "--front", min: 1, max: 65_535 });
  if (front !== null && front >= port && front < port + api) {
    throw new SetupError(
      `--front ${front} is an API node's port: they have ${port} to ${port + api - 1}.`,
    );
  }
  const folder = given.data ? resolve(given.data) : join(stateFolder, `cluster-${port}`);
  return { api, workers, port, front, folder, fresh: given.fresh };
}
