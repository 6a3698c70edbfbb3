/**
 * A program of its own: serves the subject named by its first argument on a free port, prints the
 * port, then at each line of its standard input the processor time it has used, in microseconds;
 * ends with its standard input.
 */
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { type Express, express } from "../../../magics/app/express.ts";
import { createModelApp } from "../../../magics/app/model-app.ts";
import { makeRowSchema } from "../../../magics/app/row-schema.ts";
import { createServer } from "../../../magics/app/server.ts";
import { trainModel } from "../../../magics/model/train-model.ts";
import { makeRows } from "./rows.ts";

const answer = '{"prediction":"slow","probability":0.97}';

async function train() {
  return trainModel(makeRows(4000), { target: "genre" });
}

/** As tutorials write it: express.json, zod, res.json. */
async function ordinaryApp(): Promise<Express> {
  const model = await train();
  const row = makeRowSchema(model.schema);
  const app = express();
  app.use(express.json());
  app.post("/predict", (request, response) => {
    const result = row.safeParse(request.body);
    if (!result.success) {
      response.status(422).json({ detail: z.flattenError(result.error) });
      return;
    }
    response.json({ prediction: model.predict(result.data as never) }); // Just checked.
  });
  return app;
}

const subjects = {
  async bare() {
    return createHttpServer((request, response) => {
      request.resume();
      request.on("end", () => {
        response.writeHead(200, {
          "content-type": "application/json",
          "content-length": answer.length,
        });
        response.end(answer);
      });
    });
  },
  async model() {
    return createServer(createModelApp(await train()).app).server;
  },
  async listen() {
    return createHttpServer(await ordinaryApp());
  },
  async served() {
    return createServer(await ordinaryApp()).server;
  },
};

const name = process.argv[2] ?? "";
if (!(name in subjects)) throw new Error(`no subject ${name}`);
const server = await subjects[name as keyof typeof subjects](); // Checked the line before.
server.listen(0, "127.0.0.1", () => {
  console.log((server.address() as AddressInfo).port); // It listens on TCP.
});
process.stdin.on("data", () => {
  const { user, system } = process.cpuUsage();
  console.log(user + system);
});
process.stdin.on("end", () => process.exit());
