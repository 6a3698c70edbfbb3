/** `text` without any of `secrets`, also where one stands in base64, in a URL or in a `user:password` pair. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  let clean = text;
  for (const form of secrets.flatMap(formsOf).sort((a, b) => b.length - a.length)) {
    clean = clean.replaceAll(form, "•••");
  }
  return clean;
}

function formsOf(secret: string | undefined): string[] {
  if (secret === undefined || secret.length < 4) return [];
  const bytes = Buffer.from(secret);
  const password = secret.slice(secret.indexOf(":") + 1);
  return [
    secret,
    ...(password === secret || password.length < 4 ? [] : formsOf(password)),
    encodeURIComponent(secret),
    // Base64 without its padding also finds the padded form; shifted ones stand inside longer text.
    ...[0, 1, 2].flatMap((shift) => base64At(bytes, shift)),
  ];
}

/** The part of a base64 text that `bytes` alone decide when they start `shift` bytes into it. */
function base64At(bytes: Buffer, shift: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
  const from = Math.ceil((shift * 8) / 6);
  const to = Math.floor((padded.length * 8) / 6);
  return (["base64", "base64url"] as const)
    .map((encoding) => padded.toString(encoding).slice(from, to))
    .filter((form) => form.length >= 5);
}
