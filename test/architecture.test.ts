import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";

const root = fileURLToPath(new URL("..", import.meta.url));
const folders = ["protocol", "server", "client", "client-demo", "cli", "test", "scripts", "bench"];
const MOST_LINES = 200;

// Imports point up this list only; the longest prefix that fits names a file's layer.
const layers = [
  ["protocol/"],
  ["server/errors.ts", "server/input.ts"],
  ["server/config.ts"],
  ["server/infrastructure/"],
  ["server/auth/"],
  ["server/datasets/"],
  ["server/jobs/"],
  ["server/realtime/"],
  ["server/http/"],
  ["server/"],
];

interface Import {
  from: string;
  /** A path from the root, or a package's name. */
  to: string;
  typeOnly: boolean;
}

function listSources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => [folder, ...name.split(sep)].join("/"))
    .filter((path) => /\.(ts|tsx|mjs|css)$/.test(path) && !path.includes("/dist/"));
}

/** Static and dynamic imports, re-exports and `import("…")` types. */
function findImports(from: string, source: string): Import[] {
  const statements =
    /(?:import|export)(\s+type)?\b([^;"'`()]*?\bfrom\s+|\s+|\s*\(\s*)["']([^"']+)["']/g;
  return [...source.matchAll(statements)].map(([, type, , target = ""]) => ({
    from,
    to: target.startsWith(".")
      ? relative(root, join(root, dirname(from), target))
          .split(sep)
          .join("/")
      : target,
    typeOnly: type !== undefined,
  }));
}

function layerOf(path: string): number {
  return layers.findIndex((prefixes) =>
    prefixes.some((prefix) => path === prefix || (prefix.endsWith("/") && path.startsWith(prefix))),
  );
}

const present = new Set(readdirSync(root));
const sources = folders.filter((folder) => present.has(folder)).flatMap(listSources);
const imports = sources
  .filter((path) => !path.endsWith(".css"))
  .flatMap((path) => findImports(path, readFileSync(join(root, path), "utf8")));

const show = ({ from, to }: Import) => `${from} -> ${to}`;
const within =
  (...names: string[]) =>
  (path: string) =>
    names.some((name) => path.startsWith(`${name}/`));
const breaches = (from: string, allowed: (one: Import) => boolean) =>
  imports.filter((one) => within(from)(one.from) && !allowed(one)).map(show);
const isOurs = within(...folders);

describe("the architecture", () => {
  it("sees every way to import", () => {
    const source = `import a from "./a.ts"; import type { B } from "../b.ts";
      import {\n  c,\n} from "c"; export * from "./d.ts"; import "./e.ts"; await import("./f.ts");
      type G = import("./g.ts").G;`;

    const found = findImports("server/jobs/x.ts", source);

    expect(found.map(({ to }) => to)).toEqual([
      "server/jobs/a.ts",
      "server/b.ts",
      "c",
      ...["d", "e", "f", "g"].map((name) => `server/jobs/${name}.ts`),
    ]);
    expect(found.map(({ typeOnly }) => typeOnly).indexOf(true)).toBe(1);
  });

  it("has the server's imports point up the list of layers only", () => {
    const down = imports.filter(
      ({ from, to }) => within("server")(from) && isOurs(to) && layerOf(to) > layerOf(from),
    );
    const elsewhere = breaches("server", ({ to }) => !isOurs(to) || layerOf(to) >= 0);

    expect(down.map(show)).toEqual([]);
    expect(elsewhere).toEqual([]);
  });

  it("keeps the protocol to zod and itself", () => {
    expect(breaches("protocol", ({ to }) => to === "zod" || within("protocol")(to))).toEqual([]);
  });

  it("keeps the client to socket.io-client, itself and the protocol's types", () => {
    const allowed = ({ to, typeOnly }: Import) =>
      to === "socket.io-client" || within("client")(to) || (within("protocol")(to) && typeOnly);

    expect(breaches("client", allowed)).toEqual([]);
  });

  it("keeps the page to the client, the protocol's types and packages", () => {
    const allowed = ({ to, typeOnly }: Import) =>
      !isOurs(to) || within("client", "client-demo")(to) || (within("protocol")(to) && typeOnly);

    expect(breaches("client-demo", allowed)).toEqual([]);
  });

  it("has no file of more than 200 lines", () => {
    const lines = (path: string) => readFileSync(join(root, path), "utf8").split("\n").length - 1;

    expect(sources.filter((path) => lines(path) > MOST_LINES)).toEqual([]);
  });
});
