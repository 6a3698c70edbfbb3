import { z } from "zod";
import { defineCommand, type Input } from "../../kernel/extension.ts";
import { ColabCodeError } from "../errors.ts";
import { removeStoredToken, storedTokenFile, storeToken } from "../tunnels/stored-token.ts";

export const authCommand = defineCommand({
  name: "auth",
  summary: "Stores ngrok's token in a file that only you can read.",
  options: z.object({
    remove: z.boolean().default(false).describe("forget the stored token"),
  }),
  examples: ["%colabcode auth", "%colabcode auth --remove"],
  async run({ remove }, { host, signal }) {
    const file = storedTokenFile(process.env);
    if (remove) {
      await removeStoredToken(file);
      host.display.write("stdout", `There is no token in ${file} any more.\n`);
      return;
    }
    const token = await askForToken(host.input, signal);
    await storeToken(file, token);
    host.display.write("stdout", `The token is kept in ${file}; only you can read it.\n`);
  },
});

/** Never an option of the command: what is typed into a cell or a shell is kept in places. */
async function askForToken(input: Input, signal: AbortSignal): Promise<string> {
  if (!input.isAllowed) {
    throw new ColabCodeError("NO_TOKEN", "Nobody can be asked for the token here.", {
      hint: "Run colabcode auth in a terminal, or set NGROK_AUTHTOKEN.",
    });
  }
  const prompt = "ngrok authtoken (https://dashboard.ngrok.com/get-started/your-authtoken): ";
  const token = (await input.ask(prompt, { password: true, signal })).trim();
  if (token !== "" && !/\s/.test(token)) return token;
  throw new ColabCodeError("NO_TOKEN", "That is not a token; nothing was stored.");
}
