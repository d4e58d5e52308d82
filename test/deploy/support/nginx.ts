import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { watchOver } from "../../../scripts/processes/guard.mjs";
import { accepts, choosePort } from "../../../scripts/processes/ports.mjs";
import { until } from "../../../scripts/processes/until.mjs";
import { keepLogs } from "../../support/logs.ts";

const original = new URL("../../../deploy/nginx.conf", import.meta.url);

/** deploy/nginx.conf as it is, but for its port, its nodes and where a user without rights may write. */
function localise(folder: string, port: number, nodes: string[]): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return readFileSync(original, "utf8")
    .replace(/^.*# nodes\n(.*# nodes\n)*/m, nodes.map((url) => nodeLine(url)).join(""))
    .replace("listen 80; # listen", `listen 127.0.0.1:${port};`)
    .replace(
      "http {",
      `http {\n${temporary.map((t) => `${t}_temp_path ${folder}/${t};`).join("\n")}`,
    );
}

const nodeLine = (url: string) => `server ${new URL(url).host} max_fails=1 fail_timeout=2s;\n`;

/** Starts a real nginx with that configuration in front of nodes. */
export async function startNginx(nodes: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "sluice-nginx-"));
  // Started by root, its workers are somebody else, who has to reach their own folders in it.
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "logs"));
  const port = await choosePort();
  const path = join(folder, "nginx.conf");
  writeFileSync(path, localise(folder, port, nodes));
  const globals = `daemon off; pid ${folder}/pid; error_log ${folder}/error.log;`;
  const nginx = spawn(
    process.env.NGINX_PATH ?? "nginx",
    ["-p", folder, "-c", path, "-g", globals],
    {
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  watchOver(nginx);
  const exited = once(nginx, "exit");
  await until(async () => ((await accepts(port)) ? true : null), { child: nginx });

  return {
    url: `http://127.0.0.1:${port}`,
    folder,
    async [Symbol.asyncDispose]() {
      nginx.kill("SIGTERM");
      await exited;
      for (const logs of [folder, join(folder, "logs")]) keepLogs(logs);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
