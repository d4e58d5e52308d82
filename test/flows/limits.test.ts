import { describe, expect, it } from "@jest/globals";
import { call } from "../support/client.ts";
import { httpEffects } from "./support/limit-effects-http.ts";
import { socketEffects } from "./support/limit-effects-socket.ts";
import { documentedLimits } from "./support/settings.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const settings = {
  LIMIT_JSON_BYTES: "2000",
  LIMIT_FRAME_BYTES: "3000",
  LIMIT_HEADER_BYTES: "4000",
  LIMIT_HEADER_SECONDS: "1",
  LIMIT_UPLOAD_BYTES: String(3 * 1024 * 1024),
  LIMIT_UPLOADS_PER_USER: "1",
  LIMIT_GZIP_RATIO: "2",
  LIMIT_COLUMNS: "3",
  LIMIT_CHANNELS: "2",
  LIMIT_JOBS: "2",
  LIMIT_RUNNING_JOBS: "1",
  LIMIT_HANDSHAKES: "3",
  LIMIT_LOGIN_PER_MINUTE: "4",
  LIMIT_LOGIN_FAILURES: "2",
  LIMIT_REFUSED_HANDSHAKES: "1",
  LIMIT_REST_RATE: "1",
  LIMIT_REST_BURST: "12",
  LIMIT_SOCKET_RATE: "3",
  LIMIT_SOCKET_USER_RATE: "4",
  LIMIT_CONNECTIONS: "3",
  TRUSTED_PROXY_HOPS: "1",
  PUBLIC_URL: "https://sluice.example",
};
const cluster = shareCluster({ api: 1, workers: 0, env: settings });
const effects = { ...socketEffects(cluster), ...httpEffects(cluster) };

/** Shown with a window of its own in test/http/pace.test.ts: here it would take 30 s. */
const shownElsewhere = ["LIMIT_UPLOAD_MIN_RATE"];

describe("each limit is one setting", () => {
  it.each(Object.entries(effects))("%s", async (_setting, [expected, act]) => {
    expect(await act()).toEqual(expected);
  });

  it("and there are no others", () => {
    const shown = Object.keys(effects).flatMap((names) => names.split(", "));

    expect([...shown, ...shownElsewhere].sort()).toEqual(documentedLimits());
  });
});

describe("behind TLS", () => {
  it("browsers are told to come that way only", async () => {
    const url = cluster().url();
    const answers = [await call(url, "/healthz"), await call(url, "/nothing")];

    for (const { headers } of answers) {
      expect(headers.get("Strict-Transport-Security")).toBe("max-age=31536000");
    }
  });
});
