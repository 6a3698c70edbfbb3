import { lastModel } from "../model/last-model.ts";
import { sessionSummary } from "../sessions/session-view.ts";
import { currentSessions } from "../sessions/sessions.ts";

/** What a command that is done gives with `--json`; one value a line. */
export async function printJson(
  command: string,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  switch (command) {
    case "train": {
      const model = lastModel();
      if (model === undefined) return;
      const { schema, evaluation } = model;
      return print({ schema, evaluation, importance: model.importance() });
    }
    case "export":
      return print({ folder: options["folder"] });
    case "auth": {
      const { storedTokenFile } = await import("../tunnels/stored-token.ts");
      return print({ file: storedTokenFile(process.env), removed: options["remove"] === true });
    }
    default:
      for (const session of currentSessions().list()) {
        const view = session.view();
        print({ ...sessionSummary(view), secret: view.secret?.value });
      }
  }
}

function print(value: unknown): void {
  console.log(JSON.stringify(value));
}
