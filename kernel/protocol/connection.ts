import { readFile } from "node:fs/promises";
import { KernelError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "./json.ts";

export const channels = ["shell", "control", "stdin", "iopub", "hb"] as const;
export type Channel = (typeof channels)[number];

/** Where the five channels of a kernel are, and how their messages are signed. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  /** Address for tcp; path that the numbers are appended to for ipc. */
  readonly ip: string;
  readonly ports: Readonly<Record<Channel, number>>;
  readonly key: string;
  readonly signatureScheme: string;
}

/** Reads a connection file; rejects naming the file and the field that is wrong. */
export async function readConnection(path: string): Promise<Connection> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KernelError(
      "connection-file",
      `The connection file ${path} cannot be read: ${reason}`,
      {
        hint: "Jupyter writes this file and gives its path; see `colabcode-kernel --help`.",
        cause,
      },
    );
  }
  if (!isJsonObject(value)) throw wrong(path, "it is not a JSON object");
  return parseConnection(value, path);
}

/** Checks the fields of a connection file; `path` names it in errors. */
export function parseConnection(fields: JsonObject, path: string): Connection {
  const { transport = "tcp", ip = "127.0.0.1", key = "" } = fields;
  const { signature_scheme: scheme = "hmac-sha256" } = fields;
  if (transport !== "tcp" && transport !== "ipc") {
    throw wrong(path, `transport is ${JSON.stringify(transport)}, not "tcp" or "ipc"`);
  }
  if (typeof ip !== "string" || typeof key !== "string" || typeof scheme !== "string") {
    throw wrong(path, "ip, key and signature_scheme must be text");
  }
  const port = (channel: Channel): number => {
    const number = fields[`${channel}_port`] ?? 0;
    if (typeof number === "number" && Number.isInteger(number) && number >= 0 && number < 65_536) {
      return number;
    }
    throw wrong(path, `${channel}_port is ${JSON.stringify(number)}, not a port`);
  };
  return {
    transport,
    ip,
    key,
    signatureScheme: scheme === "" ? "hmac-sha256" : scheme,
    ports: {
      shell: port("shell"),
      control: port("control"),
      stdin: port("stdin"),
      iopub: port("iopub"),
      hb: port("hb"),
    },
  };
}

/** The connection as the fields of a connection file. */
export function formatConnection(connection: Connection): JsonObject {
  const { transport, ip, key, signatureScheme: signature_scheme, ports } = connection;
  return {
    ...Object.fromEntries(channels.map((channel) => [`${channel}_port`, ports[channel]])),
    transport,
    ip,
    key,
    signature_scheme,
  };
}

/** ZeroMQ address of one channel. */
export function endpoint(connection: Connection, channel: Channel): string {
  const { transport, ip, ports } = connection;
  if (transport === "ipc") return `ipc://${ip}-${ports[channel]}`;
  return `tcp://${ip.includes(":") ? `[${ip}]` : ip}:${ports[channel] === 0 ? "*" : ports[channel]}`;
}

function wrong(path: string, reason: string): KernelError {
  return new KernelError("connection-file", `The connection file ${path} is not right: ${reason}.`);
}
