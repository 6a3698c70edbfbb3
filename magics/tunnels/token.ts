import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { colabSecret } from "./colab-secret.ts";
import { kaggleSecret } from "./kaggle-secret.ts";
import { readStoredToken, storedTokenFile } from "./stored-token.ts";

export interface TokenSources {
  /** From a call or a flag. */
  readonly given?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A hidden prompt, where input is allowed and asking is right. */
  readonly ask?: ((prompt: string) => Promise<string>) | undefined;
  /** Where ngrok's own configuration is looked for; default: the user's home folder. */
  readonly home?: string;
}

export interface FoundToken {
  readonly token: string;
  /** For a sentence: "the call", "NGROK_AUTHTOKEN", a file's path, "your answer". */
  readonly source: string;
}

// Kept for the life of this process and nowhere else.
let answered: string | undefined;

const variables = ["COLABCODE_NGROK_AUTHTOKEN", "NGROK_AUTHTOKEN"];

/** The ngrok token from the first source that has one; asks last, and only once per process. */
export async function findToken(sources: TokenSources): Promise<FoundToken | undefined> {
  const { given, environment, ask, home = homedir() } = sources;
  if (isFilled(given)) return { token: given.trim(), source: "the call" };
  for (const source of variables) {
    const value = environment[source];
    if (isFilled(value)) return { token: value.trim(), source };
  }
  const colabs = await colabSecret("NGROK_AUTHTOKEN", environment);
  if (isFilled(colabs)) return { token: colabs.trim(), source: "Colab's secret NGROK_AUTHTOKEN" };
  const secret = await kaggleSecret("NGROK_AUTHTOKEN", environment);
  if (isFilled(secret)) return { token: secret.trim(), source: "Kaggle's secret NGROK_AUTHTOKEN" };
  const file = storedTokenFile(environment, home);
  const stored = await readStoredToken(file);
  if (isFilled(stored)) return { token: stored.trim(), source: file };
  const configured = await readConfiguration(home);
  if (configured !== undefined) return configured;
  if (answered !== undefined) return { token: answered, source: "your answer" };
  if (ask === undefined) return undefined;
  const answer = await ask(
    "ngrok authtoken (https://dashboard.ngrok.com/get-started/your-authtoken): ",
  );
  if (!isFilled(answer)) return undefined;
  answered = answer.trim();
  return { token: answered, source: "your answer" };
}

/** After a refusal: the next call asks again. */
export function forgetToken(): void {
  answered = undefined;
}

function isFilled(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

/** ngrok's own file, read only: `authtoken` at the top (version 2) or under `agent` (version 3). */
async function readConfiguration(home: string): Promise<FoundToken | undefined> {
  const files = [
    join(home, ".config", "ngrok", "ngrok.yml"),
    join(home, "Library", "Application Support", "ngrok", "ngrok.yml"),
    join(home, "AppData", "Local", "ngrok", "ngrok.yml"),
  ];
  for (const source of files) {
    const text = await readFile(source, "utf8").catch(() => ""); // Most people have no such file.
    const token = /^\s*authtoken:\s*["']?([^\s"'#]+)/m.exec(text)?.[1];
    if (token !== undefined) return { token, source };
  }
  return undefined;
}
