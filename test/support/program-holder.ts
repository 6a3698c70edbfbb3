/** A program that starts the forker under a guard, says whom it started, and waits to be killed. */
import { startProgram } from "../../magics/services/program.ts";
import { fixture } from "./fixture.ts";

const program = await startProgram({
  command: process.execPath,
  args: [fixture("programs/forker.mjs")],
  temporaryFolders: process.argv.slice(2),
  onLine: (line) => console.log(line),
  graceMs: 300,
});
console.log(`program ${program.pid}`);
