import { z } from "zod";
import { defineCommand } from "../../kernel/extension.ts";
import { currentSessions } from "../sessions/sessions.ts";

export const stopCommand = defineCommand({
  name: "stop",
  summary: "Ends a session by name, the only one, or all.",
  positionals: ["session"],
  options: z.object({
    session: z
      .string()
      .optional()
      .describe("session to end, as `status` names it")
      .meta({ placeholder: "NAME" }),
    all: z.boolean().default(false).describe("end every session of this notebook"),
  }),
  examples: ["%colabcode stop app-8000", "%colabcode stop --all"],
  async run({ session, all }, { host }) {
    const sessions = currentSessions();
    const names = sessions.list().map(({ name }) => name);
    if (session === undefined && !all && names.length > 1) {
      host.display.write("stderr", `Which one? Running: ${names.join(", ")}. Or use --all.\n`);
      return;
    }
    const stopped = await sessions.stop(all ? undefined : (session ?? names[0]), "stopped by you");
    host.display.write(
      "stdout",
      stopped.length === 0 ? "Nothing is running.\n" : `Stopped ${stopped.join(", ")}.\n`,
    );
  },
});
