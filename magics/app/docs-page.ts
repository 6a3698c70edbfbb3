import swaggerUi from "swagger-ui-express";
import { escapeHtml } from "./escape-html.ts";
import type { Application, NextFunction, Request, Response } from "./express.ts";

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
  const page = swaggerUi.generateHTML(undefined, {
    customCss: style,
    customSiteTitle: escapeHtml(title),
  });
  const withoutPreset = page.replace(
    /<script src="\.\/swagger-ui-standalone-preset\.js">\s*<\/script>/,
    "",
  );
  app.get("/docs", (request: Request, response: Response) => {
    const isFolder = request.path.endsWith("/");
    const html = isFolder ? withoutPreset : withoutPreset.replaceAll('"./', '"./docs/');
    response.set("Cache-Control", "no-cache").type("html").send(html);
  });
  app.get("/docs/swagger-ui-init.js", (_request: Request, response: Response) => {
    response.type("text/javascript").send(initScript);
  });
  const [, serveAssets] = swaggerUi.serve; // The first would answer with a script of its own.
  app.use("/docs", (request: Request, response: Response, next: NextFunction) => {
    if (assets.has(request.path)) serveAssets?.(request, response, next);
    else next();
  });
}
