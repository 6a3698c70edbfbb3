import { z } from "zod";
import { defineCommand, type Magic, type MagicCommand } from "../extension.ts";

type Single<Schema extends z.ZodObject> = Omit<MagicCommand<Schema>, "name" | "options"> &
  Pick<Magic, "name" | "body"> & { readonly options: Schema };

/** A magic with one command that has no name. */
export function ownMagic<Schema extends z.ZodObject>(single: Single<Schema>): Magic {
  const { name, body, ...command } = single;
  return {
    name,
    summary: command.summary,
    body,
    commands: [defineCommand({ ...command, name: "" })],
  };
}

/** For magics that take no options. */
export const noOptions = z.object({});

/** The rest of a line as it is written. */
export function rawText(description: string) {
  return z.string().meta({ raw: true, description });
}
