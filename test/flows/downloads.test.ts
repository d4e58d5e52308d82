import { beforeAll, describe, expect, it } from "@jest/globals";
import type { ExportedFile } from "../../protocol/exports.ts";
import { createFileLinks } from "../../server/jobs/file-links.ts";
import type { TestClient } from "../support/client.ts";
import { makeCsv } from "./support/csv.ts";
import { exportRows } from "./support/exporting.ts";
import { expectProblem } from "./support/problem.ts";
import { shareCluster } from "./support/shared-cluster.ts";

const cluster = shareCluster({ api: 2, workers: 1 });
const megabyte = 1024 * 1024;
/** Of three chunks, the last one half full. */
const text = makeCsv(30_000, 80);

let ann: TestClient;
let file: ExportedFile;
let whole: Buffer;
beforeAll(async () => {
  ann = await cluster().signUp();
  const { body } = await ann.upload(text, { name: "Größe, „neu“.csv" });
  await ann.final(body.job.id);
  ({ file, bytes: whole } = await exportRows(ann, body.dataset.id, { format: "csv" }));
});

const bearer = () => ({ Authorization: `Bearer ${ann.token}` });
const path = () => `/api/v1/files/${file.id}`;
const get = (headers: Record<string, string> = {}, method = "GET") =>
  fetch(new URL(path(), cluster().url(1)), { method, headers: { ...bearer(), ...headers } });
const bytesOf = async (reply: Response) => Buffer.from(await reply.arrayBuffer());

describe("a download", () => {
  it("gives the file under its name, from any node, and is no page of ours", async () => {
    const reply = await get();

    expect(reply.status).toBe(200);
    expect((await bytesOf(reply)).toString()).toBe(text);
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "content-length": String(file.bytes),
      "accept-ranges": "bytes",
      etag: `"${file.sha256}"`,
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      "content-disposition": expect.stringMatching(
        /^attachment; filename=".*"; filename\*=UTF-8''Gr%C3%B6%C3%9Fe%2C%20%E2%80%9Eneu%E2%80%9C\.csv$/,
      ),
    });
  });

  it.each([
    ["bytes=0-0", 0, 1],
    [`bytes=${megabyte - 2}-${megabyte + 1}`, megabyte - 2, megabyte + 2],
    [`bytes=${2 * megabyte}-`, 2 * megabyte, undefined],
    ["bytes=-5", -5, undefined],
  ])("gives the part %s", async (range, start, end) => {
    const reply = await get({ Range: range });

    const part = whole.subarray(start, end);
    const first = start < 0 ? whole.length + start : start;
    expect(reply.status).toBe(206);
    expect((await bytesOf(reply)).equals(part)).toBe(true);
    expect(reply.headers.get("Content-Range")).toBe(
      `bytes ${first}-${first + part.length - 1}/${whole.length}`,
    );
    expect(reply.headers.get("Content-Length")).toBe(String(part.length));
  });

  it("gives no part that isn't there, and several parts as the whole", async () => {
    const bad = await ann.call(path(), { headers: { Range: `bytes=${whole.length}-` } });
    const several = await get({ Range: "bytes=0-1,5-6" });

    expectProblem(bad, "range_not_satisfiable");
    expect(bad.headers.get("Content-Range")).toBe(`bytes */${whole.length}`);
    expect([several.status, (await bytesOf(several)).length]).toEqual([200, whole.length]);
  });

  it("goes on only with the very file that it began with", async () => {
    const etag = `"${file.sha256}"`;
    const same = await get({ Range: "bytes=5-", "If-Range": etag });
    const other = await get({ Range: "bytes=5-", "If-Range": '"other"' });
    const known = await get({ "If-None-Match": `"a", W/${etag}` });
    const changed = await get({ "If-None-Match": '"a"' });

    expect([same.status, (await bytesOf(same)).length]).toEqual([206, whole.length - 5]);
    expect([other.status, (await bytesOf(other)).length]).toEqual([200, whole.length]);
    expect([known.status, (await bytesOf(known)).length]).toEqual([304, 0]);
    expect([changed.status, (await bytesOf(changed)).length]).toEqual([200, whole.length]);
  });

  it("says with HEAD what GET would send", async () => {
    const reply = await get({ Range: "bytes=0-1" }, "HEAD");

    expect(reply.status).toBe(200);
    expect(reply.headers.get("Content-Length")).toBe(String(whole.length));
    expect(reply.headers.get("ETag")).toBe(`"${file.sha256}"`);
    expect((await bytesOf(reply)).length).toBe(0);
  });

  it("of which the reader goes away in the middle leaves the node as it was", async () => {
    const stop = new AbortController();
    const headers = bearer();
    const reply = await fetch(new URL(path(), ann.url), { headers, signal: stop.signal });
    await reply.body?.getReader().read();
    stop.abort();

    const again = await get();

    expect((await bytesOf(again)).equals(whole)).toBe(true);
  });
});

describe("whoever asks for a file", () => {
  const byLink = (url: string) => ann.call(url, { token: "" });
  const linkUntil = (expiresAt: Date, fileId = file.id) => {
    const secret = cluster().settings.SLUICE_SECRET;
    return createFileLinks({ secret, publicUrl: "" }).toUrl(fileId, expiresAt);
  };

  it("needs its link or its owner's token", async () => {
    const bob = await cluster().signUp();

    expect((await byLink(file.url)).status).toBe(200);
    expectProblem(await ann.call(path(), { token: "" }), "unauthorized");
    expectProblem(await bob.call(path()), "not_found");
    expectProblem(await ann.call("/api/v1/files/AAAAAAAAAAAAAAAAAAAAAA"), "not_found");
  });

  it("can't change a link, nor learn from one which files there are", async () => {
    const expires = /expires=(\d+)/.exec(file.url)?.[1];
    const later = file.url.replace(`expires=${expires}`, `expires=${Number(expires) + 1}`);
    const other = file.url.replace(file.id, "AAAAAAAAAAAAAAAAAAAAAA");
    const altered = file.url.replace(/.$/, (last) => (last === "A" ? "B" : "A"));

    for (const url of [later, other, altered, `${path()}?signature=`]) {
      expectProblem(await byLink(url), "unauthorized");
    }
    expectProblem(await byLink(`${file.url}&more=1`), "validation_failed");
  });

  it("finds nothing once the link or the file has expired", async () => {
    const jobs = cluster().mongo.collection<{ _id: string }>("jobs");
    const past = new Date(Date.now() - 1000);

    const old = await byLink(linkUntil(past));
    await jobs.updateOne(
      { _id: file.id },
      { $set: { "result.file.expiresAt": past.toISOString() } },
    );

    expectProblem(old, "not_found");
    expectProblem(await byLink(file.url), "not_found");
    expectProblem(await ann.call(path()), "not_found");
  });
});
