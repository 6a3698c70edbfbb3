import { z } from "zod";
import { KernelError, nearest } from "../extension.ts";
import { ownMagic, rawText } from "./own-magic.ts";

const secretName = /TOKEN|SECRET|PASSWORD|PASSWD|KEY|CREDENTIAL|AUTH/i;

export const env = ownMagic({
  name: "env",
  summary: "Lists, shows or sets environment variables; secrets are masked.",
  body: "none",
  positionals: ["assignment"],
  options: z.object({ assignment: rawText("NAME, NAME=VALUE or NAME VALUE").optional() }),
  examples: ["%env", "%env PORT", "%env PORT=8000"],
  run: ({ assignment }, { host }) => {
    if (assignment === undefined) {
      const names = Object.keys(process.env).sort();
      host.display.write("stdout", names.map((name) => `${shown(name)}\n`).join(""));
      return;
    }
    const [, name = "", value] = /^([^\s=]+)(?:\s*[=\s]\s*(.*))?$/s.exec(assignment) ?? [];
    if (value !== undefined) process.env[name] = value.replace(/^(["'])(.*)\1$/, "$2");
    if (process.env[name] === undefined) {
      const near = nearest(name, Object.keys(process.env));
      throw new KernelError("NO_SUCH_VARIABLE", `The environment has no ${name}.`, {
        hint:
          near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `%env ${name}=VALUE sets it.`,
      });
    }
    host.display.write("stdout", `${shown(name)}\n`);
  },
});

function shown(name: string): string {
  return `${name}=${secretName.test(name) ? "••••••" : process.env[name]}`;
}
