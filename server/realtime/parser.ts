import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser";
import { Encoded } from "../infrastructure/encoded.ts";

/** Socket.IO's own encoding, save that an answer which is JSON already is sent as it is. */
class ReplyEncoder extends Encoder {
  override encode(packet: Packet): (string | Buffer)[] {
    const reply = packet.type === PacketType.ACK ? packet.data?.[0] : null;
    if (!(reply?.data instanceof Encoded)) return super.encode(packet);
    // `/` is the only namespace: its packets don't name it.
    return [`${PacketType.ACK}${packet.id}[{"ok":true,"data":${reply.data.json}}]`];
  }
}

export const parser = { Encoder: ReplyEncoder, Decoder };
