import { diagnose } from "../doctor/checks.ts";
import { diagnosisTable } from "../doctor/diagnosis-table.ts";

/** `colabcode doctor`; the exit code is 1 where a start would fail. */
export async function doctorInTerminal(isJson: boolean, signal: AbortSignal): Promise<number> {
  const found = await diagnose({ signal, environment: process.env });
  console.log(isJson ? JSON.stringify(found) : diagnosisTable(found)["text/plain"]);
  return found.some(({ state }) => state === "bad") ? 1 : 0;
}
