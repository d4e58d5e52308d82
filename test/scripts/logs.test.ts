import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { describeSearch, searchLogs } from "../../scripts/logs/search.mjs";
import { findSecrets } from "../../scripts/logs/secrets.mjs";
import { createRefreshTokens } from "../../server/auth/refresh-tokens.ts";
import { createFileLinks } from "../../server/jobs/file-links.ts";
import { testKey } from "../support/cluster.ts";
import { makeFolder } from "./support/folder.ts";

const token = `eyJ${"a1B2".repeat(8)}.eyJ${"c3D4".repeat(20)}.${"e5F6".repeat(20)}`;
const { text: refreshToken } = createRefreshTokens("s".repeat(32)).create("a".repeat(22));
const link = createFileLinks({ secret: "s".repeat(32), publicUrl: "" }).toUrl("f", new Date());
const password = 'a password with "quotes"';

const planted: [string, string][] = [
  ["token", `{"path":"/api/v1/me?token=${token}"}`],
  ["token", `{"err":"${token.slice(0, token.lastIndexOf("."))}."}`],
  ["refresh token", `{"refreshToken":"${refreshToken}"}`],
  ["address with credentials", "connecting to redis://:hunter2@redis:6379/0"],
  ["address with credentials", '{"uri":"mongodb://ann:hunter2@mongo:27017/sluice"}'],
  ["private key", JSON.stringify({ key: testKey })],
  ["signature of a link", `{"url":"${link}"}`],
  ["cookie", '{"headers":{"cookie":"a=b"}}'],
  ["cookie", '{"set-cookie":["__Secure-sluice_refresh=abc; Path=/"]}'],
  ["Authorization header", '{"headers":{"authorization":"Basic YTpi"}}'],
  ["Authorization header", "Authorization was Bearer 0123456789abcdef"],
  ["hash of a password", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA"],
  ["password or key", JSON.stringify({ body: { password } })],
];

describe("the search of logs", () => {
  it.each(planted)("finds a %s, and doesn't repeat it: %s", (kind, line) => {
    const found = findSecrets(`{"event":"ready"}\n${line}\n{"event":"stopping"}\n`, [password]);

    expect(found.map((one) => one.kind)).toEqual([kind]);
    expect(found[0]?.excerpt).toContain(`[${kind}]`);
    for (const secret of [token, refreshToken, "hunter2", link.slice(-43), "quotes"]) {
      expect(found[0]?.excerpt).not.toContain(secret);
    }
  });

  it.each([
    '{"level":30,"event":"ready","url":"http://127.0.0.1:3000"}',
    '{"audit":true,"email":"ann@example.com","sessionId":"abcdefghijklmnopqrstuv"}',
    '{"event":"handshake_refused","reason":"no valid token","origin":"https://evil.example"}',
    `{"job":"${"a".repeat(86)}"}`,
  ])("has nothing against %s", (line) => {
    expect(findSecrets(line, [password, "short"])).toEqual([]);
  });

  it("goes through the logs of each test file, and says where it was found", () => {
    using folder = makeFolder();
    const write = (test: string, name: string, text: string) => {
      mkdirSync(join(folder.path, test), { recursive: true });
      writeFileSync(join(folder.path, test, name), text);
    };
    write("test.flows.a.test.ts", "api-0 1.log", '{"event":"ready"}\n{"event":"stopping"}\n');
    write("test.flows.b.test.ts", "worker-0 2.log", `{"typed":${JSON.stringify(password)}}\n`);
    write("test.flows.b.test.ts", "known.ndjson", `${JSON.stringify(password)}\n`);

    const result = searchLogs(folder.path);

    expect(describeSearch(result)).toBe(
      "searched 2 logs, 3 lines: 1 secrets\n" +
        '  test.flows.b.test.ts: worker-0 2: password or key: …{"typed":"[password or key]"}…',
    );
    expect(searchLogs(join(folder.path, "nothing"))).toMatchObject({ logs: 0, findings: [] });
  });
});
