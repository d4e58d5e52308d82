import type { SluiceSocket } from "../../../client/connect.ts";
import { createStore } from "../store.ts";

/** How this window is connected. `since` is the time (ms) the connection went away. */
export type Link = {
  state: "live" | "reconnecting" | "offline";
  node: string | null;
  since: number;
  /** events that were caught up with after the last reconnect; null once that is old news */
  recovered: number | null;
  /** false: a channel could not tell all that was missed, only its newest state */
  isWhole: boolean;
};

const newsLasts = 8_000;

export const createLink = (socket: SluiceSocket) => {
  const store = createStore<Link>({
    state: "reconnecting",
    node: null,
    since: Date.now(),
    recovered: null,
    isWhole: true,
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLive = false;

  const away = () => (navigator.onLine ? "reconnecting" : "offline");
  const forget = () => store.change((now) => ({ ...now, recovered: null }));
  const onDisconnect = () =>
    store.change((now) => ({ ...now, state: away(), since: Date.now(), recovered: null }));
  const onNetwork = () => {
    store.change((now) => (now.state === "live" ? now : { ...now, state: away() }));
    // Waiting out the delay makes no sense once the network is known to be back.
    if (navigator.onLine && !socket.connected) socket.connect();
  };

  socket.on("disconnect", onDisconnect);
  socket.on("hello", ({ node }) => {
    const recovered = wasLive ? 0 : null;
    wasLive = true;
    store.change((now) => ({ ...now, state: "live", node, recovered, isWhole: true }));
    clearTimeout(timer);
    timer = setTimeout(forget, newsLasts);
  });
  addEventListener("online", onNetwork);
  addEventListener("offline", onNetwork);

  return {
    store,
    addRecovered: (events: number) =>
      store.change((now) =>
        now.recovered === null ? now : { ...now, recovered: now.recovered + events },
      ),
    startOver: () => store.change((now) => ({ ...now, isWhole: false })),
    close() {
      clearTimeout(timer);
      removeEventListener("online", onNetwork);
      removeEventListener("offline", onNetwork);
    },
  };
};
