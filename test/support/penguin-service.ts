import { modelAppService } from "../../magics/services/model-app.ts";
import type { Service } from "../../magics/services/service.ts";
import { savedPenguins } from "../magics/app/small-model.ts";

const loader = new URL("../magics/app/small-model.js", import.meta.url).href;

/** A model app in a process of its own, whose model needs no training. */
export function penguinService(): Service {
  return modelAppService(savedPenguins(), { loader });
}
