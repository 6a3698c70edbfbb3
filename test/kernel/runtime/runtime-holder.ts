import { startNotebook } from "./test-notebook.ts";

/** A program that holds a runtime with a spinning cell and tells its process id when it spins. */
const notebook = await startNotebook();
notebook.run(`console.log("spinning"); for (;;);`).catch(() => undefined);
await notebook.untilText("stdout", "spinning");
process.stdout.write(`${notebook.runtime.pid}\n`);
