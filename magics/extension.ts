import type { Extension, Magic } from "../kernel/extension.ts";
import { appCommand } from "./commands/app.ts";
import { authCommand } from "./commands/auth.ts";
import { codeCommand } from "./commands/code.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { exportCommand } from "./commands/export.ts";
import { labCommand } from "./commands/lab.ts";
import { statusCommand } from "./commands/status.ts";
import { stopCommand } from "./commands/stop.ts";
import { trainCommand } from "./commands/train.ts";
import { currentSessions } from "./sessions/sessions.ts";

/** `%colabcode`: its commands, in the order help lists them. */
export const colabcodeMagic: Magic = {
  name: "colabcode",
  summary: "Trains a model, serves an app, opens an editor, and shares them by a link.",
  body: "code",
  commands: [
    trainCommand,
    appCommand,
    codeCommand,
    labCommand,
    statusCommand,
    stopCommand,
    exportCommand,
    authCommand,
    doctorCommand,
  ],
};

export const extension: Extension = {
  name: "colabcode",
  magics: [colabcodeMagic],
  activate(host) {
    currentSessions().attach(host);
  },
};
