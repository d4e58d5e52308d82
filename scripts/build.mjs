// `npm run build`: what production runs, the server's programs and the page.
import { buildPage } from "./setup/page.mjs";
import { buildServer } from "./setup/server.mjs";

buildServer();
await buildPage();
