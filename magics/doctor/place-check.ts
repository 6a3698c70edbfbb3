import { placeName } from "../sessions/place.ts";
import type { Check } from "./check.ts";

const words: Readonly<Record<string, string>> = {
  Colab: "Google Colab: links are private to you unless a tunnel is asked for.",
  plain: "A machine of your own: local links open in your browser.",
};

/** Where this runs, which decides what links lead to. */
export const checkPlace: Check = {
  name: "place",
  async run({ environment }) {
    const name = placeName(environment);
    const text = words[name] ?? `${name}: the place's own proxy shows local ports.`;
    return { state: "ok", text };
  },
};
