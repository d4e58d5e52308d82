import type { SluiceSocket } from "../../../client/connect.ts";
import type { Reply } from "../../../protocol/socket.ts";
import { openSilently } from "../../realtime/support/silent.ts";
import { upgrade } from "../../realtime/support/upgrade.ts";
import type { Cluster } from "../../support/cluster.ts";
import { openConnection } from "./handshake.ts";
import { type Effects, from, isBurst, limited, nextAddress } from "./limited.ts";

const greeted = (socket: SluiceSocket) =>
  new Promise<SluiceSocket>((resolve) => socket.once("hello", () => resolve(socket)));

/** Whether a burst was answered, and the code of the rest. */
function judge(replies: Reply<unknown>[], burst: number, perSecond: number) {
  const refused = replies.flatMap((reply) => (reply.ok ? [] : [reply.error.code]));
  return [isBurst(replies.length - refused.length, burst, perSecond), refused[0]];
}

/** What the limits of sockets do; small as in test/flows/limits.test.ts. */
export function socketEffects(cluster: () => Cluster): Effects {
  const { signUp } = limited(cluster);
  return {
    LIMIT_FRAME_BYTES: [
      1009,
      async () => {
        const socket = await greeted((await signUp()).socket());
        const code = new Promise((resolve) =>
          socket.once("disconnect", (_reason, details) => resolve(Object(details).context?.code)),
        );
        socket.io.engine.send("2".repeat(3000));
        return code;
      },
    ],
    LIMIT_CHANNELS: [
      "rate_limited",
      async () => {
        const ann = await signUp();
        const { dataset, job } = (await ann.upload("id\n1\n")).body;
        const socket = ann.socket();
        for (const channel of [`job:${job.id}`, `dataset:${dataset.id}`]) {
          await ann.request(socket, "channel:subscribe", { channel });
        }
        const third = ann.request(socket, "channel:subscribe", { channel: "jobs" });
        return third.catch(({ code }) => code);
      },
    ],
    LIMIT_HANDSHAKES: [
      503,
      async () => {
        const silent = [];
        for (let i = 0; i < 3; i++) silent.push(await openSilently(cluster().url()));
        const { status } = await upgrade(cluster().url());
        for (const socket of silent) socket.destroy();
        return status;
      },
    ],
    LIMIT_REFUSED_HANDSHAKES: [
      429,
      async () => {
        const headers = from(nextAddress());
        const knock = () => upgrade(cluster().url(), { query: "EIO=3", headers });
        let status = 0;
        for (let i = 0; i < 10 && status !== 429; i++) {
          await Promise.all([knock(), knock(), knock()]);
          ({ status } = await knock());
        }
        return status;
      },
    ],
    LIMIT_SOCKET_RATE: [
      [true, "rate_limited"],
      async () => {
        const socket = await greeted((await signUp()).socket());
        const replies = await Promise.all(
          Array.from({ length: 30 }, () => socket.emitWithAck("jobs:list", {})),
        );
        return judge(replies, 6, 3);
      },
    ],
    LIMIT_SOCKET_USER_RATE: [
      [true, "rate_limited"],
      async () => {
        const ann = await signUp();
        const sockets = await Promise.all([greeted(ann.socket()), greeted(ann.socket())]);
        const replies = await Promise.all(
          sockets.flatMap((socket) =>
            Array.from({ length: 6 }, () => socket.emitWithAck("jobs:list", {})),
          ),
        );
        return judge(replies, 8, 1);
      },
    ],
    LIMIT_CONNECTIONS: [
      "rate_limited",
      async () => {
        const ann = await signUp();
        for (let i = 0; i < 3; i++) await greeted(ann.socket());
        return (await openConnection(ann.url, { auth: { token: ann.token } })).refused?.code;
      },
    ],
  };
}
