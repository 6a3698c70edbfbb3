const secretOption =
  /(--[\w-]*(?:auth|token|password|passwd|secret|credential|key)[\w-]*(?:=|\s+))("[^"]*"|'[^']*'|[^\s-]\S*)/gi;

/** A magic's line with the values of options that sound secret masked, each column where it was. */
export function maskSecrets(line: string): string {
  if (!/^\s*(?:[\w$,{}[\]\s]+=\s*)?%/.test(line)) return line;
  return line.replace(secretOption, (_all, flag: string, value: string) => {
    return flag + "•".repeat(value.length);
  });
}
