import { trainModel } from "../model/train-model.ts";
import { buildBundle } from "./bundled-program.ts";
import { ModelAppChild } from "./model-app-child.ts";
import { modelAppProgram, modelLoader } from "./model-app-program.ts";

/** Makes the program that serves models start sooner from now on, in about 3 s. */
export function buildModelApp(signal: AbortSignal): Promise<void> {
  return buildBundle(modelAppProgram, [modelLoader], async (starter, environment) => {
    const model = await trainModel(rows, { target: "size" });
    await using child = new ModelAppChild(modelAppProgram, { starter, environment });
    const { port } = await child.ask(
      {
        type: "start",
        port: 0,
        marker: "",
        workers: 1,
        order: {
          saved: model.toJSON(),
          loader: new URL(modelLoader, import.meta.url).href,
          api: {},
          timeoutMs: undefined,
        },
      },
      "listening",
      signal,
    );
    await ask(port, "/healthz", undefined, 200);
    await ask(port, "/predict", model.schema.example, 200);
    await ask(port, "/predict?explain=1&proba=1", model.schema.example, 200);
    await ask(port, "/predict", {}, 422);
  });
}

const rows = Array.from({ length: 40 }, (_, index) => ({
  length: index + 0.5,
  colour: index % 3 === 0 ? "red" : "blue",
  size: index < 20 ? "small" : "large",
}));

async function ask(port: number, path: string, body: unknown, status: number): Promise<void> {
  const headers = { "content-type": "application/json" };
  const post = { method: "POST", headers, body: JSON.stringify(body) };
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, body === undefined ? {} : post);
  const text = await reply.text();
  if (reply.status !== status) throw new Error(`${path} was answered ${reply.status}: ${text}`);
}
