import assert from "node:assert/strict";
import { test } from "node:test";
import { serviceEnvironment } from "../../../magics/services/service-environment.ts";

test("serviceEnvironment() keeps the person's variables and none of our secrets and ports", () => {
  const environment = serviceEnvironment(
    { PASSWORD: "new" },
    {
      PATH: "/bin",
      LANG: "C",
      PORT: "8000",
      PASSWORD: "old",
      HASHED_PASSWORD: "old",
      JUPYTER_TOKEN: "t",
      NGROK_AUTHTOKEN: "n",
      NGROK_DOMAIN: "d",
      COLABCODE_NGROK_CA: "c",
      COLABCODE_CACHE: "/cache",
      CODE_SERVER_PARENT_PID: "1",
      VSCODE_IPC_HOOK_CLI: "/s",
      TUNNEL_TOKEN: "t",
    },
  );
  assert.deepEqual(environment, {
    PATH: "/bin",
    LANG: "C",
    COLABCODE_CACHE: "/cache",
    PASSWORD: "new",
  });
});
