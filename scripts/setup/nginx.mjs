import { findOnPath, isExecutable } from "./programs.mjs";
import { SetupError } from "./say.mjs";
import { installPackage } from "./system-packages.mjs";

/** Debian keeps it where only root's PATH leads. */
const debian = "/usr/sbin/nginx";
const find = () => findOnPath("nginx") ?? (isExecutable(debian) ? debian : null);

/**
 * Finds the nginx for the tests of deploy/nginx.conf, or installs one.
 * @returns {Promise<string>} its absolute path
 */
export async function findNginx() {
  const given = process.env.NGINX_PATH;
  if (given) return given;
  const found = find();
  if (found !== null) return found;

  const failure = await installPackage({ apt: "nginx-light", brew: "nginx" });
  const installed = failure === null ? find() : null;
  if (installed !== null) return installed;
  throw new SetupError("No nginx for the test of deploy/nginx.conf. Install one. Tried:", [
    "nginx on the PATH: there is none",
    failure ?? "the package went through, but there is no nginx",
  ]);
}
