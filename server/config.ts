import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { z } from "zod";

const bytes = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
const count = bytes;
const seconds = bytes;

const environment = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("production"),
  NODE_NAME: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .default(`${hostname().slice(0, 40)}-${randomBytes(3).toString("hex")}`),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default("0.0.0.0"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  MONGODB_URI: z.string().min(1),
  REDIS_URL: z.string().min(1),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/)
    .default("sluice"),
  JWT_PRIVATE_KEYS: z.string().min(1),
  SLUICE_SECRET: z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= 32, "needs 32 bytes or more"),
  ACCESS_TOKEN_TTL: seconds(15 * 60),
  PUBLIC_URL: z
    .string()
    .regex(/^(https?:\/\/\S+[^/\s])?$/, "is no http(s) URL without a slash at its end")
    .default(""),
  ALLOWED_ORIGINS: z.string().default(""),
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(20).default(0),
  WORKER_CONCURRENCY: count(4),
  LIMIT_JSON_BYTES: bytes(256 * 1024),
  LIMIT_FRAME_BYTES: bytes(64 * 1024),
  LIMIT_HEADER_BYTES: bytes(16 * 1024),
  LIMIT_HEADER_SECONDS: seconds(15),
  LIMIT_UPLOAD_BYTES: bytes(10 * 1024 ** 3),
  LIMIT_UPLOAD_MIN_RATE: bytes(10_000),
  LIMIT_UPLOADS_PER_USER: count(3),
  LIMIT_GZIP_RATIO: count(100),
  LIMIT_COLUMNS: count(500),
  LIMIT_CHANNELS: count(200),
  LIMIT_JOBS: count(100),
  LIMIT_HANDSHAKES: count(200),
  LIMIT_RUNNING_JOBS: count(2),
  LIMIT_LOGIN_PER_MINUTE: count(10),
  LIMIT_LOGIN_FAILURES: count(5),
  LIMIT_REFUSED_HANDSHAKES: count(10),
  LIMIT_REST_RATE: count(50),
  LIMIT_REST_BURST: count(100),
  LIMIT_SOCKET_RATE: count(50),
  LIMIT_SOCKET_USER_RATE: count(200),
  LIMIT_CONNECTIONS: count(50),
});

/** Stands in the keys and the secret that `npm run dev` makes, so that they aren't taken further. */
const developmentMark = "sluice-development";

function parse<T extends z.ZodType>(schema: T, env: NodeJS.ProcessEnv): z.output<T> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw unusable(
    parsed.error.issues.map(({ path, message }) => {
      const name = path.join(".");
      return `  ${name}: ${env[name] === undefined ? "is missing" : message}`;
    }),
  );
}

const unusable = (problems: string[]) =>
  new Error(`These settings are missing or wrong:\n${problems.join("\n")}`);

export type Config = Readonly<ReturnType<typeof readConfig>>;

/** The few settings that a command needs which only looks into the stores. */
export function readStoreConfig(env: NodeJS.ProcessEnv) {
  const few = { MONGODB_URI: true, REDIS_URL: true, REDIS_PREFIX: true } as const;
  const e = parse(environment.pick(few), env);
  return { mongoUri: e.MONGODB_URI, redisUrl: e.REDIS_URL, redisPrefix: e.REDIS_PREFIX };
}

/** Reads the environment once; throws one error that names every setting that is missing or wrong. */
export function readConfig(env: NodeJS.ProcessEnv) {
  const e = parse(environment, env);
  const isProduction = e.NODE_ENV === "production";
  const madeForDevelopment = (["JWT_PRIVATE_KEYS", "SLUICE_SECRET"] as const).filter((name) =>
    e[name].includes(developmentMark),
  );
  if (isProduction && madeForDevelopment.length > 0) {
    throw unusable(madeForDevelopment.map((name) => `  ${name}: was made for development`));
  }
  return Object.freeze({
    isProduction,
    isDevelopment: e.NODE_ENV === "development",
    prettyLogs: e.NODE_ENV === "development",
    node: e.NODE_NAME,
    port: e.PORT,
    host: e.HOST,
    logLevel: e.LOG_LEVEL,
    mongoUri: e.MONGODB_URI,
    redisUrl: e.REDIS_URL,
    redisPrefix: e.REDIS_PREFIX,
    privateKeys: e.JWT_PRIVATE_KEYS,
    secret: e.SLUICE_SECRET,
    accessTokenSeconds: e.ACCESS_TOKEN_TTL,
    publicUrl: e.PUBLIC_URL,
    allowedOrigins: [...e.ALLOWED_ORIGINS.split(","), e.PUBLIC_URL && new URL(e.PUBLIC_URL).origin]
      .map((origin) => origin.trim())
      .filter(Boolean),
    proxyHops: e.TRUSTED_PROXY_HOPS,
    workerConcurrency: e.WORKER_CONCURRENCY,
    limits: Object.freeze({
      jsonBytes: e.LIMIT_JSON_BYTES,
      frameBytes: e.LIMIT_FRAME_BYTES,
      headerBytes: e.LIMIT_HEADER_BYTES,
      headerSeconds: e.LIMIT_HEADER_SECONDS,
      uploadBytes: e.LIMIT_UPLOAD_BYTES,
      uploadMinRate: e.LIMIT_UPLOAD_MIN_RATE,
      uploadsPerUser: e.LIMIT_UPLOADS_PER_USER,
      gzipRatio: e.LIMIT_GZIP_RATIO,
      columns: e.LIMIT_COLUMNS,
      channels: e.LIMIT_CHANNELS,
      jobs: e.LIMIT_JOBS,
      handshakes: e.LIMIT_HANDSHAKES,
      runningJobs: e.LIMIT_RUNNING_JOBS,
      loginPerMinute: e.LIMIT_LOGIN_PER_MINUTE,
      loginFailures: e.LIMIT_LOGIN_FAILURES,
      refusedHandshakes: e.LIMIT_REFUSED_HANDSHAKES,
      restRate: e.LIMIT_REST_RATE,
      restBurst: e.LIMIT_REST_BURST,
      socketRate: e.LIMIT_SOCKET_RATE,
      socketUserRate: e.LIMIT_SOCKET_USER_RATE,
      connections: e.LIMIT_CONNECTIONS,
    }),
  });
}
