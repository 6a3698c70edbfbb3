/** The work, in TypeScript or as near to it as Python comes. */
export interface Cells {
  readonly printing: string;
  /** Up to a dot. */
  readonly completed: string;
  session(number: number): string;
  /** A new cell of 50 lines; undefined where there are no checked types. */
  typed(number: number): string | undefined;
}

export function cells(isPython: boolean): Cells {
  return isPython ? python : typescript;
}

const typescript: Cells = {
  printing: "for (let i = 0; i < 100000; i++) console.log(`line ${i}`);",
  completed: "[1, 2, 3].map(String).",
  session: (number) =>
    `const a${number} = ${number};\nconst b${number} = [a${number}, 2, 3];\nlet c${number} = { x: a${number}, y: "text" };`,
  typed: typedCell,
};

const python: Cells = {
  printing: "for i in range(100000):\n    print(f'line {i}')",
  completed: "'a,b'.",
  session: (number) =>
    `a${number} = ${number}\nb${number} = [a${number}, 2, 3]\nc${number} = {'x': a${number}, 'y': 'text'}`,
  typed: () => undefined,
};

function typedCell(number: number): string {
  const n = number;
  const parts = [0, 1, 2, 3].map(
    (part) => `interface Track${n}_${part} {
  readonly title: string;
  readonly tempo: number;
  readonly tags: readonly string[];
}
function parse${n}_${part}(text: string): Track${n}_${part}[] {
  return text.split(";").map((row) => {
    const [title = "", tempo = "0", ...tags] = row.split(",");
    return { title, tempo: Number(tempo), tags };
  });
}`,
  );
  const lines = `${parts.join("\n")}
const tracks${n} = parse${n}_0("a,120,x;b,90,y,z;c,100");
const fast${n} = tracks${n}.filter(({ tempo }) => tempo > 95);
const byTag${n} = new Map<string, string[]>();
for (const { title, tags } of tracks${n}) {
  for (const tag of tags) byTag${n}.set(tag, [...(byTag${n}.get(tag) ?? []), title]);
}
[...byTag${n}.entries()].map(([tag, titles]) => \`\${tag}: \${titles.join(" ")}\`).concat(fast${n}.map(({ title }) => title)).length`;
  return lines;
}
