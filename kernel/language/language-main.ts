import { serveLanguage } from "./language-service.ts";

/** The language process as it starts without a snapshot. */
serveLanguage();
