import { z } from "zod";
import { defineCommand } from "../../kernel/extension.ts";
import { sessionSummary } from "../sessions/session-view.ts";
import { currentSessions, type Owner } from "../sessions/sessions.ts";
import { statusTable } from "../sessions/status-table.ts";

export const statusCommand = defineCommand({
  name: "status",
  summary: "Lists the sessions that are running.",
  options: z.object({}),
  examples: ["%colabcode status"],
  run(_options, { host }) {
    const sessions = currentSessions();
    host.display.show(
      statusTable(
        sessions.list().map((session) => ({
          session: sessionSummary(session.view()),
          owner: ownerText(sessions.ownerOf(session)),
        })),
      ),
    );
  },
});

function ownerText(owner: Owner | undefined): string {
  return owner?.executionCount === undefined ? "this process" : `cell [${owner.executionCount}]`;
}
