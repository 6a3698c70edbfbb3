import { escapeHtml } from "./escape-html.ts";
import type { Application, NextFunction, Request, RequestHandler, Response } from "./express.ts";

/** Relative to the script, so that it holds under any path prefix and scheme. */
const initScript = `
const here = document.currentScript.src;
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
follow();
dark.addEventListener("change", follow);
window.onload = () => {
  window.ui = SwaggerUIBundle({
    url: new URL("../openapi.json", here).href,
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null,
    queryConfigEnabled: false,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
    persistAuthorization: false,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
  });
};
`;

const style = `
  .swagger-ui .info { margin: 28px 0 20px; }
  .swagger-ui .scheme-container { padding: 12px 0; box-shadow: none; border-bottom: 1px solid #8884; }
  .swagger-ui .servers-title, .swagger-ui .servers, .swagger-ui .scheme-container:not(:has(.auth-wrapper)) { display: none; }
  html.dark-mode body { background: #1b1b1f; }
`;

const assets = new Set([
  "/swagger-ui.css",
  "/swagger-ui-bundle.js",
  "/favicon-16x16.png",
  "/favicon-32x32.png",
]);

/**
 * Adds Swagger UI at `/docs` of an app that has an `/openapi.json`. All it needs comes from here;
 * the page answers with and without a slash at its end.
 */
export function addDocsPage(app: Application, title: string): void {
  let loaded: Promise<Docs> | undefined;
  // Loaded by the first who looks: an app is asked for its health before.
  const load = () => {
    loaded ??= loadDocs(title);
    return loaded;
  };
  app.get("/docs", async (request: Request, response: Response) => {
    const { html } = await load();
    const isFolder = request.path.endsWith("/");
    response.set("Cache-Control", "no-cache").type("html");
    response.send(isFolder ? html : html.replaceAll('"./', '"./docs/'));
  });
  app.get("/docs/swagger-ui-init.js", (_request: Request, response: Response) => {
    response.type("text/javascript").send(initScript);
  });
  app.use("/docs", async (request: Request, response: Response, next: NextFunction) => {
    if (!assets.has(request.path)) return next();
    const { serveAssets } = await load();
    serveAssets(request, response, next);
  });
}

interface Docs {
  readonly html: string;
  readonly serveAssets: RequestHandler;
}

async function loadDocs(title: string): Promise<Docs> {
  const { default: swaggerUi } = await import("swagger-ui-express");
  const page = swaggerUi.generateHTML(undefined, {
    customCss: style,
    customSiteTitle: escapeHtml(title),
  });
  const html = page.replace(/<script src="\.\/swagger-ui-standalone-preset\.js">\s*<\/script>/, "");
  const [, serveAssets] = swaggerUi.serve; // The first would answer with a script of its own.
  if (serveAssets === undefined) throw new Error("swagger-ui-express has no assets");
  return { html, serveAssets };
}
