import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isJsonObject, type JsonObject } from "../protocol/json.ts";
import { protocolVersion } from "../protocol/message.ts";

/** Version of this package, as its package.json says. */
export function packageVersion(): string {
  return versionIn(new URL("../../../package.json", import.meta.url));
}

let known: JsonObject | undefined;

/** Content of kernel_info_reply. */
export function kernelInfo(): JsonObject {
  known ??= describeKernel();
  return known;
}

function describeKernel(): JsonObject {
  const version = packageVersion();
  const typescript = typescriptVersion();
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "colabcode",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `ColabCode ${version}: TypeScript ${typescript} on Node ${process.versions.node}`,
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node.js", url: "https://nodejs.org/docs/latest/api/" },
      { text: "tslab", url: "https://github.com/yunabe/tslab" },
    ],
    debugger: false,
    supported_features: [],
  };
}

/** The compiler is the one that tslab brings. */
function typescriptVersion(): string {
  const require = createRequire(import.meta.url);
  const besideTslab = createRequire(require.resolve("tslab/package.json"));
  return versionIn(besideTslab.resolve("@tslab/typescript-for-tslab/package.json"));
}

function versionIn(path: string | URL): string {
  const fields: unknown = JSON.parse(readFileSync(path, "utf8"));
  return isJsonObject(fields) && typeof fields.version === "string" ? fields.version : "unknown";
}
