import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ColabCodeError } from "../errors.ts";
import { explainFullDisk } from "../full-disk.ts";
import type { Model } from "../model/model.ts";

/**
 * Writes a project that serves `model` by `npm start`: its package.json, the server, the model and
 * a README. Rejects with USAGE where the folder has something in it, and writes nothing then; a
 * project that cannot be written whole is taken away again.
 */
export async function exportProject(model: Model, folder: string): Promise<void> {
  let created: string | undefined;
  const written: string[] = [];
  try {
    created = await mkdir(folder, { recursive: true });
    for (const [name, text] of Object.entries(await filesOf(model, folder))) {
      written.push(join(folder, name));
      await writeFile(join(folder, name), text);
    }
  } catch (error) {
    const left = created === undefined ? written : [created];
    await Promise.all(left.map((path) => rm(path, { recursive: true, force: true })));
    const failed = `The project is not written to ${folder}`;
    throw explainFullDisk(error, failed, "Make room, or name a folder on another disk.");
  }
}

/** What the project is made of, by name; refuses a folder with something in it. */
async function filesOf(model: Model, folder: string): Promise<Record<string, string>> {
  const [first] = await readdir(folder);
  if (first !== undefined) {
    throw new ColabCodeError("USAGE", `${folder} is not empty: it has ${first}.`, {
      hint: "Name a new folder.",
    });
  }
  return {
    "package.json": `${JSON.stringify(await packageJson(folder), undefined, 2)}\n`,
    "server.js": server,
    "model.json": `${JSON.stringify(model.toJSON())}\n`,
    "README.md": readme(model),
  };
}

async function packageJson(folder: string): Promise<object> {
  const own = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
  const { version, engines } = JSON.parse(own) as { version: string; engines: object }; // Our own file.
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return {
    name: name === "" || name === "colabcode" ? "model-service" : name,
    version: "1.0.0",
    private: true,
    type: "module",
    engines,
    scripts: { start: "node server.js" },
    dependencies: { colabcode: `^${version}` },
  };
}

const server = `import { fileURLToPath } from "node:url";
import { ColabCode, loadModel } from "colabcode";

const model = await loadModel(fileURLToPath(new URL("model.json", import.meta.url)));
const server = new ColabCode({
  port: Number(process.env.PORT ?? 8000),
  tunnel: process.env.COLABCODE_TUNNEL ?? "none",
});
const starting = server.runApp(model, { workers: Number(process.env.WORKERS ?? 1) });
const stop = async () => (await starting).close();
process.once("SIGINT", stop).once("SIGTERM", stop);
const end = await (await starting).ended;
process.exit(end.asked ? 0 : 1);
`;

function readme({ schema }: Model): string {
  const row = JSON.stringify(schema.example);
  return `# ${schema.name}

Predicts \`${schema.target}\` from ${schema.features.length} features.

    npm install
    npm start

The form is at http://127.0.0.1:8000/, the documentation at http://127.0.0.1:8000/docs.

    curl http://127.0.0.1:8000/predict -H "content-type: application/json" -d '${row}'

\`PORT\` chooses the port, \`WORKERS\` the number of processes. Nobody outside this machine can
reach it unless \`COLABCODE_TUNNEL\` names a way to share, such as \`ngrok\` with \`NGROK_AUTHTOKEN\`.
`;
}
