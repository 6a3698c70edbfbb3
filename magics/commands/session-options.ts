import { z } from "zod";

/** Options that every command which starts a session takes. */
export const sessionOptions = {
  port: z
    .number()
    .int()
    .min(0)
    .max(65535)
    .optional()
    .describe("local port; 0 for a free one")
    .meta({ placeholder: "PORT" }),
  host: z
    .string()
    .optional()
    .describe("0.0.0.0 lets others on the network in; left out: this machine only")
    .meta({ placeholder: "ADDRESS" }),
  name: z.string().min(1).optional().describe("name of the session").meta({ placeholder: "NAME" }),
  tunnel: z
    .string()
    .optional()
    .describe("auto, none, ngrok, or another way to share")
    .meta({ placeholder: "WAY" }),
  authtoken: z
    .string()
    .optional()
    .describe("ngrok's token; better in NGROK_AUTHTOKEN")
    .meta({ placeholder: "TOKEN", secret: true }),
  domain: z
    .string()
    .optional()
    .describe("your own domain of the tunnel")
    .meta({ placeholder: "DOMAIN" }),
  tunnelCommand: z
    .string()
    .optional()
    .describe("command that opens a link to {port} and prints it")
    .meta({ placeholder: "COMMAND" }),
  oauth: z
    .string()
    .optional()
    .describe("visitors log in with google, github, … (ngrok)")
    .meta({ placeholder: "PROVIDER" }),
  oauthAllow: z
    .array(z.string())
    .optional()
    .describe("e-mail addresses or domains that may log in")
    .meta({ placeholder: "A,B" }),
  allowCidr: z
    .array(z.string())
    .optional()
    .describe("networks that may come in (ngrok)")
    .meta({ placeholder: "A,B" }),
  trafficPolicy: z
    .string()
    .optional()
    .describe("file of an ngrok traffic policy")
    .meta({ placeholder: "FILE", complete: "path" }),
  probe: z.boolean().default(true).describe("do not look every 15 s whether the link works"),
  wait: z.boolean().default(false).describe("keep the cell busy until the session ends"),
  ttl: z
    .string()
    .optional()
    .describe("end after this time, e.g. 30m")
    .meta({ placeholder: "TIME" }),
  idle: z
    .string()
    .optional()
    .describe("end when nobody asked for this long, e.g. 10m")
    .meta({ placeholder: "TIME" }),
};

export const sessionOptionsSchema = z.object(sessionOptions);
export type SessionOptions = z.infer<typeof sessionOptionsSchema>;
