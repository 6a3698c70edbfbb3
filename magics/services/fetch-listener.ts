import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { RequestListener } from "../app/server.ts";
import { finishPlain } from "./finish-plain.ts";

export type WebHandler = (request: Request) => Response | Promise<Response>;

/** Serves a `(Request) => Response` function as a Node request listener. */
export function fetchListener(handler: WebHandler, log: (error: unknown) => void): RequestListener {
  return async (request, response) => {
    const abandoned = new AbortController();
    response.on("close", () => abandoned.abort());
    try {
      const reply = await handler(toWebRequest(request, abandoned.signal));
      if (!(reply instanceof Response)) throw new TypeError("The handler gave no Response");
      await sendWebResponse(response, reply);
    } catch (error) {
      if (!abandoned.signal.aborted) finishPlain(request, response, { error, log });
    }
  };
}

function toWebRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const { method = "GET", url = "/" } = request;
  const hasNoBody = method === "GET" || method === "HEAD";
  const address = new URL(url, `http://${request.headers.host ?? "127.0.0.1"}`);
  const body = hasNoBody ? {} : ({ body: Readable.toWeb(request), duplex: "half" } as const);
  return new Request(address, { method, headers, signal, ...body });
}

async function sendWebResponse(response: ServerResponse, reply: Response): Promise<void> {
  response.statusCode = reply.status;
  for (const [name, value] of reply.headers) {
    if (name !== "set-cookie") response.setHeader(name, value);
  }
  const cookies = reply.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  if (reply.body === null) {
    response.end();
    return;
  }
  // One class under two declarations: the web's and node:stream/web's.
  await pipeline(Readable.fromWeb(reply.body as NodeReadableStream), response);
}
