import type { Server, Socket } from "socket.io";
import type { ClientToServer, ServerToClient } from "../../protocol/socket.ts";
import type { Principal } from "../auth/principal.ts";

/** What nodes tell each other. */
type NodeToNode = { "sessions:ended": (sessionIds: string[]) => void };

export type SocketData = { principal: Principal };
export type GatewayServer = Server<ClientToServer, ServerToClient, NodeToNode, SocketData>;
export type GatewaySocket = Socket<ClientToServer, ServerToClient, NodeToNode, SocketData>;
