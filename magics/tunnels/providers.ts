import { nearest } from "../../kernel/extension.ts";
import { ColabCodeError } from "../errors.ts";
import { cloudflaredProvider } from "./cloudflared.ts";
import { colabLinkHtml, colabNote, isColab } from "./colab.ts";
import { functionProvider, type TunnelFunction } from "./function-tunnel.ts";
import { jupyterProvider } from "./jupyter.ts";
import { ngrokProvider } from "./ngrok.ts";
import { sshProvider } from "./ssh.ts";
import { isSshAddress, sshServiceNames } from "./ssh-address.ts";
import { findToken, type TokenSources } from "./token.ts";
import type { TunnelProvider } from "./tunnel.ts";

/** What `--tunnel` takes: "auto", "none", a provider's name, an address such as `ssh://…`, or a function. */
export type TunnelWish = string | TunnelFunction;

export interface ChooseOptions extends TokenSources {
  readonly wanted: TunnelWish;
}

/** Where a tunnel comes from; `provider` undefined: no tunnel, and `sentence` says how to share. */
export type TunnelChoice =
  | { readonly provider: TunnelProvider; readonly token: string | undefined }
  | {
      readonly provider: undefined;
      readonly sentence: string;
      /** HTML with a private link that only the front end's page can make. */
      readonly page?: (port: number) => string;
    };

/** Providers by their names, in the order in which `auto` looks. */
export const providers: readonly TunnelProvider[] = [
  ngrokProvider(),
  jupyterProvider(),
  cloudflaredProvider(),
];

/** The ways to share, for the person who sees a local link only. */
export const localOnly =
  "Local only. To share it, set NGROK_AUTHTOKEN (free at https://dashboard.ngrok.com), or use --tunnel ssh://USER@HOST or --tunnel cloudflared.";

const localNames = ["none", "off", "local", "false", ""];

/**
 * Picks the provider. `auto` takes the first that has what it needs and never asks; a provider
 * asked for by name is given even if something is missing: opening it then says what.
 */
export async function chooseTunnel(options: ChooseOptions): Promise<TunnelChoice> {
  const { wanted, ...sources } = options;
  if (typeof wanted === "function") return { provider: functionProvider(wanted), token: undefined };
  if (localNames.includes(wanted)) {
    return { provider: undefined, sentence: "Local only, as asked." };
  }
  if (wanted === "auto") return chooseAutomatically(sources);
  if (wanted === "colab") return choosePage();
  if (isSshAddress(wanted)) return { provider: sshProvider(wanted), token: undefined };
  const provider = providers.find(({ name }) => name === wanted);
  if (provider === undefined) throw unknownProvider(wanted);
  const token = provider.name === "ngrok" ? (await findToken(sources))?.token : undefined;
  return { provider, token };
}

async function chooseAutomatically(sources: TokenSources): Promise<TunnelChoice> {
  const token = (await findToken({ ...sources, ask: undefined }))?.token;
  const provider = providers.find((each) => each.isAvailable(sources.environment, token));
  if (provider !== undefined) {
    return { provider, token: provider.name === "ngrok" ? token : undefined };
  }
  return isColab(sources.environment) ? choosePage() : { provider: undefined, sentence: localOnly };
}

function choosePage(): TunnelChoice {
  return { provider: undefined, sentence: colabNote, page: colabLinkHtml };
}

function unknownProvider(wanted: string): ColabCodeError {
  const own = providers.map(({ name }) => name);
  const names = ["auto", "none", ...own, "colab", ...sshServiceNames, "ssh://USER@HOST"];
  const near = nearest(wanted, names);
  return new ColabCodeError("USAGE", `There is no tunnel named ${JSON.stringify(wanted)}.`, {
    hint: `${near.length > 0 ? `Did you mean ${near.join(" or ")}? ` : ""}Known are ${names.join(", ")}.`,
  });
}
