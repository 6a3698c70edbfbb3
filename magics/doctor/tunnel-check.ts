import { createServer } from "node:http";
import { listenOn } from "../services/listen.ts";
import { makeMarker, markerPath, withMarker } from "../services/marker.ts";
import { proveUrl } from "../tunnels/prove.ts";
import { chooseTunnel } from "../tunnels/providers.ts";
import type { Check } from "./check.ts";

/** Opens the link that `auto` would, to a page that says nothing, and asks through it. */
export const checkTunnel: Check = {
  name: "tunnel",
  async run({ environment, signal }) {
    const choice = await chooseTunnel({ wanted: "auto", environment });
    if (choice.provider === undefined) {
      return { state: "missing", text: "Not tried: nothing to share with.", hint: choice.sentence };
    }
    const marker = makeMarker();
    const server = createServer(withMarker(marker, (_request, response) => response.end()));
    const port = await listenOn(server, 0);
    try {
      const request = {
        port,
        token: choice.token,
        domain: undefined,
        auth: undefined,
        environment,
      };
      await using tunnel = await choice.provider.open(request, signal);
      const { probeHeaders: headers } = tunnel;
      await proveUrl(tunnel.url, { path: markerPath, marker, headers, signal });
      return { state: "ok", text: `${choice.provider.name}: a request through ${tunnel.url} came` };
    } finally {
      server.close();
      server.closeAllConnections();
    }
  },
};
