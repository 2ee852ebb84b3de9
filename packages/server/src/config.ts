import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { LevelWithSilent } from "pino";

/** Everything that can be set from outside. */
export interface Config {
  /** Address to listen on. */
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Keeps the secret key, and the embedded PostgreSQL where no `database_url` is given. */
  readonly data_dir: string;
  /** An existing PostgreSQL; holds its password: never log it. */
  readonly database_url: string | undefined;
  /** Where users reach Uniview (behind a proxy); without slash at the end. */
  readonly public_url: string | undefined;
  readonly secret_key: string | undefined;
  readonly secret_key_file: string | undefined;
  readonly trusted_proxies: readonly string[];
  readonly log_level: LevelWithSilent;
  /** Check every answer against the contract: in tests and development. */
  readonly check_answers: boolean;
  /** Folder of the built console. */
  readonly console_dir: string;
  /** How long a token of the gateway lives. */
  readonly gateway_token_lifetime_s: number;
  /** Calls through the gateway that one credential may make in a second, on average. */
  readonly gateway_calls_per_s: number;
}

export const DEFAULT_PORT = 8778;
const DEFAULT_TOKEN_HOURS = 8;
const MAX_TOKEN_HOURS = 24 * 30;
const HOUR_S = 3600;
const DEFAULT_CALLS_PER_S = 200;
const MAX_CALLS_PER_S = 100_000;
const CONSOLE_DIR = resolve(import.meta.dirname, "../../console/dist");
const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

export const HELP = `Usage: uniview-server [options]

Runs Uniview: the API, the console and the job engine in one process.

  --host ADDRESS     address to listen on        (UNIVIEW_HOST, default 127.0.0.1)
  --port PORT        port to listen on           (UNIVIEW_PORT, default ${DEFAULT_PORT}; 0 = any free one)
  --data-dir DIR     keeps the secret key and the embedded PostgreSQL
                                                 (UNIVIEW_DATA_DIR, default ~/.local/share/uniview)
  --log-level LEVEL  ${LOG_LEVELS.join(", ")}
                                                 (UNIVIEW_LOG_LEVEL, default info)
  --help             show this

Environment:
  DATABASE_URL             an existing PostgreSQL 15 or newer, instead of the embedded one
  UNIVIEW_PUBLIC_URL       where users reach Uniview, when a proxy stands before it: https://uniview.example.org
  UNIVIEW_SECRET_KEY       the key that seals secrets, 32 bytes in base64; or
  UNIVIEW_SECRET_KEY_FILE  a file that holds it (default: secret.key in the data directory, made when missing)
  UNIVIEW_TOKEN_HOURS      how long a token of the gateway lives (default ${DEFAULT_TOKEN_HOURS})
  UNIVIEW_CALLS_PER_SECOND calls through the gateway of one credential in a second (default ${DEFAULT_CALLS_PER_S})
  UNIVIEW_TRUSTED_PROXIES  addresses or networks of proxies whose X-Forwarded-* are believed, with commas
`;

/** The configuration of a process; undefined when only help was asked for. @throws Error with one clear sentence */
export function readConfig(args: readonly string[], env: NodeJS.ProcessEnv): Config | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: "string" },
      port: { type: "string" },
      "data-dir": { type: "string" },
      "log-level": { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return undefined;
  return configure({
    host: values.host ?? env["UNIVIEW_HOST"],
    port: readPort(values.port ?? env["UNIVIEW_PORT"]),
    data_dir: values["data-dir"] ?? env["UNIVIEW_DATA_DIR"],
    database_url: env["DATABASE_URL"],
    public_url: readPublicUrl(env["UNIVIEW_PUBLIC_URL"]),
    secret_key: env["UNIVIEW_SECRET_KEY"],
    secret_key_file: env["UNIVIEW_SECRET_KEY_FILE"],
    trusted_proxies: env["UNIVIEW_TRUSTED_PROXIES"]?.split(",").map((proxy) => proxy.trim()),
    log_level: readLogLevel(values["log-level"] ?? env["UNIVIEW_LOG_LEVEL"]),
    check_answers: env["UNIVIEW_CHECK_ANSWERS"] === "1",
    gateway_token_lifetime_s: readCount(env, "UNIVIEW_TOKEN_HOURS", MAX_TOKEN_HOURS, HOUR_S),
    gateway_calls_per_s: readCount(env, "UNIVIEW_CALLS_PER_SECOND", MAX_CALLS_PER_S),
  });
}

/** Fills in what was not set: for tests, the demo and other embedders. */
export function configure(set: { readonly [Key in keyof Config]?: Config[Key] | undefined }): Config {
  return {
    host: set.host || "127.0.0.1",
    port: set.port ?? DEFAULT_PORT,
    data_dir: resolve(set.data_dir || join(homedir(), ".local", "share", "uniview")),
    database_url: set.database_url || undefined,
    public_url: set.public_url,
    secret_key: set.secret_key || undefined,
    secret_key_file: set.secret_key_file || undefined,
    trusted_proxies: set.trusted_proxies ?? [],
    log_level: set.log_level ?? "info",
    check_answers: set.check_answers ?? false,
    console_dir: set.console_dir ?? CONSOLE_DIR,
    gateway_token_lifetime_s: set.gateway_token_lifetime_s ?? DEFAULT_TOKEN_HOURS * HOUR_S,
    gateway_calls_per_s: set.gateway_calls_per_s ?? DEFAULT_CALLS_PER_S,
  };
}

function readPort(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`The port ${text} is not one: give a number from 0 to 65535.`);
}

function readCount(env: NodeJS.ProcessEnv, name: string, most: number, unit = 1): number | undefined {
  const text = env[name];
  if (!text) return undefined;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count * unit;
  throw new Error(`${name} is ${text}: give a number from 1 to ${most}.`);
}

function readPublicUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, "");
  throw new Error(`UNIVIEW_PUBLIC_URL "${text}" is not an http or https URL.`);
}

function readLogLevel(text: string | undefined): LevelWithSilent | undefined {
  if (!text) return undefined;
  const level = LOG_LEVELS.find((one) => one === text);
  if (level) return level;
  throw new Error(`The log level ${text} is none: give one of ${LOG_LEVELS.join(", ")}.`);
}
