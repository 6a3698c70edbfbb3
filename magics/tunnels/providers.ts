import { nearest } from "../../kernel/extension.ts";
import { ColabCodeError } from "../errors.ts";
import { functionProvider, type TunnelFunction } from "./function-tunnel.ts";
import { ngrokProvider } from "./ngrok.ts";
import { findToken, type TokenSources } from "./token.ts";
import type { TunnelProvider } from "./tunnel.ts";

/** What `--tunnel` takes: "auto", "none", a provider's name, an address such as `ssh://…`, or a function. */
export type TunnelWish = string | TunnelFunction;

export interface ChooseOptions extends TokenSources {
  readonly wanted: TunnelWish;
}

/** Where a tunnel comes from; `provider` undefined: local only, and `sentence` says how to share. */
export type TunnelChoice =
  | { readonly provider: TunnelProvider; readonly token: string | undefined }
  | { readonly provider: undefined; readonly sentence: string };

/** Providers by their names, in the order in which `auto` looks. */
export const providers: readonly TunnelProvider[] = [ngrokProvider()];

/** The ways to share, for the person who sees a local link only. */
export const localOnly =
  "Local only. To share it, set NGROK_AUTHTOKEN (free at https://dashboard.ngrok.com).";

/**
 * Picks the provider. `auto` takes the first that has what it needs and never asks; a provider
 * asked for by name is given even if something is missing: opening it then says what.
 */
export async function chooseTunnel(options: ChooseOptions): Promise<TunnelChoice> {
  const { wanted, ...sources } = options;
  if (typeof wanted === "function") return { provider: functionProvider(wanted), token: undefined };
  if (["none", "off", "local", "false", ""].includes(wanted)) {
    return { provider: undefined, sentence: "Local only, as asked." };
  }
  if (wanted === "auto") return chooseAutomatically(sources);
  const provider = providers.find(({ name }) => name === wanted);
  if (provider === undefined) throw unknownProvider(wanted);
  const token = provider.name === "ngrok" ? (await findToken(sources))?.token : undefined;
  return { provider, token };
}

async function chooseAutomatically(sources: TokenSources): Promise<TunnelChoice> {
  const token = (await findToken({ ...sources, ask: undefined }))?.token;
  const provider = providers.find((each) => each.isAvailable(sources.environment, token));
  if (provider === undefined) return { provider: undefined, sentence: localOnly };
  return { provider, token: provider.name === "ngrok" ? token : undefined };
}

function unknownProvider(wanted: string): ColabCodeError {
  const names = ["auto", "none", ...providers.map(({ name }) => name)];
  const near = nearest(wanted, names);
  return new ColabCodeError("USAGE", `There is no tunnel named ${JSON.stringify(wanted)}.`, {
    hint: `${near.length > 0 ? `Did you mean ${near.join(" or ")}? ` : ""}Known are ${names.join(", ")}.`,
  });
}
