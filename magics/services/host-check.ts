import type { IncomingMessage } from "node:http";
import { HttpError } from "../app/http-error.ts";
import { sendError } from "../app/reply.ts";
import type { RequestListener } from "../app/server.ts";

const loopbackNames = /^(?:localhost|[\w-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Refuses requests for another site's name, which a page could make point here (DNS rebinding).
 * Off until `allow` is called, for proxies of every kind keep the name that their visitor used.
 */
export class HostCheck {
  #allowed: ReadonlySet<string> | undefined;

  /** From now on answers loopback names and these; undefined answers all again. */
  allow(hosts: readonly string[] | undefined): void {
    this.#allowed =
      hosts === undefined ? undefined : new Set(hosts.map((host) => host.toLowerCase()));
  }

  /** `listener` with the check in front of it. */
  wrap(listener: RequestListener): RequestListener {
    return (request, response) => {
      if (this.allows(request)) return listener(request, response);
      sendError(request, response, new HttpError(403, "This host name is not served here"));
    };
  }

  allows(request: IncomingMessage): boolean {
    if (this.#allowed === undefined) return true;
    const name = (request.headers.host ?? "").toLowerCase().replace(/:\d+$/, "");
    return loopbackNames.test(name) || this.#allowed.has(name);
  }
}
