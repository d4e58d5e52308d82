import type { DefaultEventsMap, Server, Socket } from "socket.io";
import type { ClientToServer, ServerToClient } from "../../protocol/socket.ts";
import type { Principal } from "../auth/principal.ts";

export type SocketData = { principal: Principal };
export type GatewayServer = Server<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;
export type GatewaySocket = Socket<ClientToServer, ServerToClient, DefaultEventsMap, SocketData>;
