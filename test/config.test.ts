import { describe, expect, it } from "@jest/globals";
import { readConfig } from "../server/config.ts";

const complete = {
  MONGODB_URI: "mongodb://127.0.0.1/x",
  REDIS_URL: "redis://127.0.0.1",
  JWT_PRIVATE_KEYS: "a key",
  SLUICE_SECRET: "x".repeat(32),
};

describe("the configuration", () => {
  it("takes the documented defaults where nothing is set", () => {
    const config = readConfig(complete);

    expect(config).toMatchObject({ port: 3000, isProduction: true, accessTokenSeconds: 900 });
    expect(config.limits).toMatchObject({
      jsonBytes: 262_144,
      frameBytes: 65_536,
      uploadBytes: 10 * 1024 ** 3,
      columns: 500,
      channels: 200,
      jobs: 100,
    });
  });

  it("names everything that is missing or wrong in one message", () => {
    const read = () => readConfig({ PORT: "many", SLUICE_SECRET: "short" });

    expect(read).toThrow(/MONGODB_URI: is missing[\s\S]*REDIS_URL: is missing/);
    expect(read).toThrow(/PORT/);
    expect(read).toThrow(/SLUICE_SECRET: needs 32 bytes/);
  });

  it.each(["sluice.example", "https://sluice.example/", "ftp://x"])(
    "takes no public URL like %s",
    (url) => {
      expect(() => readConfig({ ...complete, PUBLIC_URL: url })).toThrow(/PUBLIC_URL: is no http/);
    },
  );

  it("counts the bytes of a secret, and takes none that was made for development", () => {
    const made = { JWT_PRIVATE_KEYS: "sluice-development\nPEM" };
    const read = () => readConfig({ ...complete, ...made, SLUICE_SECRET: "ü".repeat(15) });
    const long = { ...complete, ...made, SLUICE_SECRET: `sluice-development-${"x".repeat(32)}` };

    expect(read).toThrow(/SLUICE_SECRET: needs 32 bytes/);
    expect(() => readConfig({ ...complete, SLUICE_SECRET: "ü".repeat(16) })).not.toThrow();
    expect(() => readConfig(long)).toThrow(
      /JWT_PRIVATE_KEYS: was made for development\n.*SLUICE_SECRET: was made for development/,
    );
    expect(() => readConfig({ ...long, NODE_ENV: "development" })).not.toThrow();
  });

  it("counts the origin of the public URL among the allowed ones", () => {
    const given = { ALLOWED_ORIGINS: "https://a.example", PUBLIC_URL: "https://b.example/x" };

    const { allowedOrigins } = readConfig({ ...complete, ...given });

    expect(allowedOrigins).toEqual(["https://a.example", "https://b.example"]);
    expect(() => readConfig({ ...complete, PUBLIC_URL: "b.example" })).toThrow(/PUBLIC_URL/);
  });

  it("can't be changed afterwards", () => {
    const config = readConfig(complete);

    expect(() => Object.assign(config.limits, { jobs: 1 })).toThrow(TypeError);
  });
});
