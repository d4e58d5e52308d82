// tsx, as an argument of Node's, reads TypeScript in the main thread alone.
import { register } from "tsx/esm/api";

register();
await import("./thread.ts");
