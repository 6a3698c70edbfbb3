import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import { escapeHtml } from "../app/escape-html.ts";

/**
 * Ends a request that the user's app left or failed, as Express does in production: the caller
 * sees a status, the log the stack.
 */
export function finishPlain(
  request: IncomingMessage,
  response: ServerResponse,
  { error, log }: { readonly error: unknown; readonly log: (error: unknown) => void },
): void {
  const status = error === undefined || error === null ? 404 : statusOf(error);
  if (status >= 500) log(error);
  if (response.headersSent) {
    if (!response.writableEnded) response.destroy();
    return;
  }
  const path = (request.url ?? "").split("?")[0] ?? "";
  const text =
    status === 404 ? `Cannot ${request.method} ${path}` : (STATUS_CODES[status] ?? "Error");
  const body = `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>${escapeHtml(text)}</pre>\n</body>\n</html>\n`;
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function statusOf(error: unknown): number {
  if (typeof error !== "object" || error === null) return 500;
  const values = ["status", "statusCode"].map((key): unknown => Reflect.get(error, key));
  const status = values.find((value) => typeof value === "number" && value >= 400 && value < 600);
  return typeof status === "number" ? status : 500;
}
