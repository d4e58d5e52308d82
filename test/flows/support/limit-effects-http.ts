import { once } from "node:events";
import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { goodPassword, type TestClient } from "../../support/client.ts";
import type { Cluster } from "../../support/cluster.ts";
import { eventually } from "./eventually.ts";
import { codeOf, type Effects, isBurst, limited, nextAddress } from "./limited.ts";
import { openRaw, readToEnd, sendRaw, statusOf } from "./raw-http.ts";

const megabyte = 1024 * 1024;

/** An upload that has begun and doesn't end. */
async function beginUpload({ url, token }: TestClient) {
  const sent = request(`${url}/api/v1/datasets?name=slow`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "text/csv" },
  });
  sent.on("error", () => {});
  sent.write("id\n");
  await once(sent, "socket");
  return sent;
}

/** What the limits of HTTP do; small as in test/flows/limits.test.ts. */
export function httpEffects(cluster: () => Cluster): Effects {
  const { signUp, post } = limited(cluster);
  return {
    LIMIT_JSON_BYTES: [
      "payload_too_large",
      async () => codeOf(await post("/api/v1/auth/login", { email: "x".repeat(2000) })),
    ],
    LIMIT_HEADER_BYTES: [
      431,
      async () =>
        statusOf(
          await sendRaw(cluster().url(), ["GET /healthz HTTP/1.1", `X-Big: ${"x".repeat(4000)}`]),
        ),
    ],
    LIMIT_HEADER_SECONDS: [
      [408, 408],
      async () => {
        const [headers, body] = [await openRaw(cluster().url()), await openRaw(cluster().url())];
        headers.write("GET /healthz HTTP/1.1\r\nX-Slow: ");
        body.write(
          "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" +
            'Content-Length: 100\r\n\r\n{"email":',
        );
        return (await Promise.all([readToEnd(headers), readToEnd(body)])).map(statusOf);
      },
    ],
    LIMIT_UPLOAD_BYTES: [
      "payload_too_large",
      async () => codeOf(await (await signUp()).upload("x".repeat(3 * megabyte + 1))),
    ],
    LIMIT_UPLOADS_PER_USER: [
      ["rate_limited", 202],
      async () => {
        const [ann, bob] = [await signUp(), await signUp()];
        const slow = await beginUpload(ann);
        const taken = `${cluster().settings.REDIS_PREFIX}:{places}:uploads:${ann.user.id}`;
        await eventually(
          () => cluster().redis.hlen(taken),
          (count) => count === 1,
        );
        const second = await ann.upload("id\n1\n");
        const other = await bob.upload("id\n1\n");
        slow.destroy();
        return [codeOf(second), other.status];
      },
    ],
    LIMIT_GZIP_RATIO: [
      "payload_too_large",
      async () => {
        const headers = { "Content-Encoding": "gzip" };
        const packed = new Uint8Array(gzipSync("x".repeat(2 * megabyte)));
        return codeOf(await (await signUp()).upload(packed, { headers }));
      },
    ],
    LIMIT_JOBS: [
      [202, 202, "rate_limited"],
      async () => {
        const ann = await signUp();
        const answers = [];
        for (let i = 0; i < 3; i++) answers.push(await ann.upload("id\n1\n"));
        return answers.map((answer) => codeOf(answer) ?? answer.status);
      },
    ],
    LIMIT_RUNNING_JOBS: [
      [true, false],
      async () => {
        const ann = await signUp();
        const jobs = [
          (await ann.upload("id\n1\n")).body.job,
          (await ann.upload("id\n1\n")).body.job,
        ];
        const queue = `${cluster().settings.REDIS_PREFIX}:jobs:wait`;
        const tickets = await cluster().redis.lrange(queue, 0, -1);
        return jobs.map(({ id }) => tickets.some((ticket) => ticket.startsWith(id)));
      },
    ],
    LIMIT_LOGIN_PER_MINUTE: [
      [409, 409, 409, 409, "rate_limited", 409],
      async () => {
        const { email } = await signUp();
        const [here, elsewhere] = [nextAddress(), nextAddress()];
        const body = { email, password: goodPassword };
        const answers = [];
        for (const address of [here, here, here, here, here, elsewhere]) {
          answers.push(await post("/api/v1/auth/register", body, address));
        }
        return answers.map((answer) => (answer.status === 409 ? 409 : codeOf(answer)));
      },
    ],
    LIMIT_LOGIN_FAILURES: [
      ["invalid_credentials", "invalid_credentials", "rate_limited"],
      async () => {
        const { email } = await signUp();
        const answers = [];
        for (let i = 0; i < 3; i++)
          answers.push(await post("/api/v1/auth/login", { email, password: "wrong" }));
        return answers.map(codeOf);
      },
    ],
    "LIMIT_REST_RATE, LIMIT_REST_BURST": [
      [true, "rate_limited", "1", 200],
      async () => {
        const [ann, bob] = [await signUp(), await signUp()];
        const answers = await Promise.all(Array.from({ length: 30 }, () => ann.call("/api/v1/me")));
        const refused = answers.filter(({ status }) => status === 429);
        const [first] = refused;
        const { status } = await bob.call("/api/v1/me");
        return [
          isBurst(30 - refused.length, 12, 1),
          first && codeOf(first),
          first?.headers.get("Retry-After"),
          status,
        ];
      },
    ],
    LIMIT_COLUMNS: [
      "too_many_columns",
      async () => {
        const ann = await signUp();
        const { job } = (await ann.upload("a,b,c,d\n1,2,3,4\n")).body;
        const worker = await cluster().start("worker", 0);
        const { error } = await ann.final(job.id);
        await worker.kill();
        return error?.code;
      },
    ],
  };
}
