import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { listenOn } from "../../../magics/services/listen.ts";
import { kaggleSecret } from "../../../magics/tunnels/kaggle-secret.ts";
import { findToken } from "../../../magics/tunnels/token.ts";

/** Answers as Kaggle's notebooks are answered, and knows one secret. */
async function startKaggle() {
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    request.on("end", () => {
      const isAsked = request.url === "/requests/GetUserSecretByLabelRequest";
      const isAllowed = request.headers["x-kaggle-authorization"] === "Bearer notebook-key";
      const isKnown = text === '{"Label":"NGROK_AUTHTOKEN"}';
      response.end(
        JSON.stringify(
          isAsked && isAllowed && isKnown
            ? { wasSuccessful: true, result: { secret: "kaggles-token" } }
            : { wasSuccessful: false, errors: ["No user secrets exist"] },
        ),
      );
    });
  });
  const port = await listenOn(server, 0);
  return {
    environment: {
      KAGGLE_URL_BASE: `http://127.0.0.1:${port}`,
      KAGGLE_USER_SECRETS_TOKEN: "notebook-key",
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("findToken() takes the secret that is attached to a Kaggle notebook", async () => {
  await using kaggle = await startKaggle();
  const { environment } = kaggle;
  assert.deepEqual(await findToken({ environment, home: "/nowhere" }), {
    token: "kaggles-token",
    source: "Kaggle's secret NGROK_AUTHTOKEN",
  });
  assert.equal(await kaggleSecret("OTHER", environment), undefined);
});

test("kaggleSecret() gives nothing outside of Kaggle, and where nobody answers", async () => {
  assert.equal(await kaggleSecret("NGROK_AUTHTOKEN", {}), undefined);
  const environment = { KAGGLE_URL_BASE: "http://127.0.0.1:1", KAGGLE_USER_SECRETS_TOKEN: "key" };
  assert.equal(await kaggleSecret("NGROK_AUTHTOKEN", environment), undefined);
});
