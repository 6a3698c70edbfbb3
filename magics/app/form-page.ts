import { randomBytes } from "node:crypto";
import type { Model } from "../model/model.ts";

export function makeFormPage(
  model: Model,
  _options: { readonly asksForKey: boolean },
): { html: string; policy: string } {
  const nonce = randomBytes(16).toString("base64");
  return {
    html: `<!doctype html><title>${model.schema.name}</title>`,
    policy: `default-src 'none'; script-src 'nonce-${nonce}'`,
  };
}
