import { z } from "zod";
import { defineCommand } from "../../kernel/extension.ts";
import { progressLine } from "./progress-line.ts";

export const doctorCommand = defineCommand({
  name: "doctor",
  summary: "Looks at all that a start rests on, and says what to do.",
  options: z.object({}),
  examples: ["%colabcode doctor"],
  async run(_options, { host, signal }) {
    const [{ checks, diagnose }, { diagnosisTable }] = await Promise.all([
      import("../doctor/checks.ts"),
      import("../doctor/diagnosis-table.ts"),
    ]);
    const line = progressLine(host, "looking");
    try {
      const found = await diagnose({ signal, environment: process.env }, (done) =>
        line.report(`looking (${done} of ${checks.length})`, done / checks.length),
      );
      const bad = found.filter(({ state }) => state === "bad").length;
      line.done(bad === 0 ? "Nothing is in the way of a start." : `${bad} in the way of a start.`);
      host.display.show(diagnosisTable(found));
    } catch (error) {
      line.fail();
      throw error;
    }
  },
});
