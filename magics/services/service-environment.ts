/** Names that belong to us, to the surrounding editor, or to another server, never to the program. */
const withheld = [
  /^PORT$/,
  /^(?:HASHED_)?PASSWORD$/,
  /^JUPYTER_TOKEN$/,
  /^NGROK_/,
  /^TUNNEL_TOKEN$/,
  /^COLABCODE_(?:NGROK_|AUTH|PORT$|TUNNEL$)/,
  // Set inside code-server and VS Code: a second code-server would take itself for a part of the first.
  /^CODE_SERVER_/,
  /^VSCODE_/,
];

/** This process's environment without what a foreign program must not get, and with `additions`. */
export function serviceEnvironment(
  additions: Readonly<Record<string, string | undefined>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string | undefined> {
  const kept = Object.entries(environment).filter(
    ([name]) => !withheld.some((pattern) => pattern.test(name)),
  );
  return { ...Object.fromEntries(kept), ...additions };
}
