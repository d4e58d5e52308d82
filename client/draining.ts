import type { SluiceSocket } from "./connect.ts";
import { finishRequests } from "./request.ts";

/** What is being asked when the time has come may take this long (ms); the node closes after 5 s. */
const longestWait = 2_000;

/** Leaves a node that is going away when it says so, between two requests; the manager reconnects. */
export const moveWhenDraining = (socket: SluiceSocket) => {
  socket.on("server:draining", ({ reconnectAfter }) => {
    const { engine } = socket.io;
    const timer = setTimeout(async () => {
      await finishRequests(socket, longestWait);
      // The connection may be another one by then.
      engine.close();
    }, reconnectAfter * 1_000);
    socket.once("disconnect", () => clearTimeout(timer));
  });
};
