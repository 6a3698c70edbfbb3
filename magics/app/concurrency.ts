import { type Gate, isHealthPath, pathOf } from "./gate.ts";
import { HttpError } from "./http-error.ts";
import { sendError } from "./reply.ts";

/** Lets at most `maximum` requests be under way; refuses others with 503, to come again in a second. */
export function concurrencyGate(maximum: number): Gate {
  let underWay = 0;
  return (request, response, next) => {
    if (isHealthPath(pathOf(request))) return next();
    if (underWay >= maximum) {
      const headers = { "retry-after": "1" };
      return sendError(request, response, new HttpError(503, "Too busy", headers));
    }
    underWay++;
    response.once("close", () => {
      underWay--;
    });
    next();
  };
}
