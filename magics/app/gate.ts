import type { IncomingMessage, ServerResponse } from "node:http";

/** Sees each request before the routes do: answers it, or lets it pass by calling `next`. */
export type Gate = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Leads a request through `gates`, one after the other; calls `pass` where none has answered it. */
export function passGates(
  gates: readonly Gate[],
  request: IncomingMessage,
  response: ServerResponse,
  pass: () => void,
  first = 0,
): void {
  const gate = gates[first];
  if (gate === undefined) pass();
  else gate(request, response, () => passGates(gates, request, response, pass, first + 1));
}

/** Health is asked by machines that have no password and must not be kept waiting. */
const healthPaths = /^\/(?:healthz|readyz|v2\/health\/(?:live|ready))$/;

/** True for paths (within the app) that only tell of the server's health. */
export function isHealthPath(path: string): boolean {
  return healthPaths.test(path);
}

/** The path of a request as it came, without its query. */
export function pathOf(request: IncomingMessage): string {
  const { url = "/" } = request;
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}
