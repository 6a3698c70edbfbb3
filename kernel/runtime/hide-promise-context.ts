import { inspect } from "node:util";

const ofNode = new Set(["async_id_symbol", "trigger_async_id_symbol", "kResourceStore"]);

/**
 * Before version 24 Node keeps what belongs to a cell on each of its promises, and prints it with
 * them; from now on it does not show.
 */
export function hidePromiseContext(): void {
  Object.defineProperty(Promise.prototype, inspect.custom, {
    configurable: true,
    writable: true,
    value(this: Promise<unknown>) {
      for (const symbol of Object.getOwnPropertySymbols(this)) {
        if (!ofNode.has(symbol.description ?? "")) continue;
        Object.defineProperty(this, symbol, { enumerable: false });
      }
      return this;
    },
  });
}
