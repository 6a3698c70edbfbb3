/** A pattern as history_request has it: `*` any text, `?` one character, `[abc]` one of them; all of the text must match. */
export function globPattern(glob: string): RegExp {
  const source = sourceOf(glob);
  try {
    return new RegExp(`^${source}$`);
  } catch {
    // A class such as [z-a] means nothing: the pattern is taken as it is written.
    return new RegExp(`^${glob.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}$`);
  }
}

function sourceOf(glob: string): string {
  let source = "";
  for (let index = 0; index < glob.length; index++) {
    const character = glob.charAt(index);
    const end = character === "[" ? glob.indexOf("]", index + 2) : -1;
    if (character === "*") source += "[^]*";
    else if (character === "?") source += "[^]";
    else if (end > 0) {
      source += classOf(glob.slice(index + 1, end));
      index = end;
    } else source += escape(character);
  }
  return source;
}

function classOf(characters: string): string {
  const isNegated = /^[!^]/.test(characters);
  const escaped = (isNegated ? characters.slice(1) : characters).replace(/[\\\]^[]/g, "\\$&");
  return `[${isNegated ? "^" : ""}${escaped}]`;
}

function escape(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
}
