import { runInThisContext } from "node:vm";

const key = "__colabcode_scope__";

interface Scope {
  readonly locals: Record<string, unknown>;
  readonly require: NodeJS.Require;
}

type Run = (scope: Scope) => Promise<unknown>;

/**
 * Runs plain JavaScript whose names are the notebook's variables: an expression, whose value is
 * given, or statements, whose top-level declarations become variables; `await` is allowed.
 */
export async function evaluateJavaScript(code: string, scope: Scope): Promise<unknown> {
  // `%timeit` runs the same code over and over.
  if (latest?.code !== code) latest = { code, run: compile(code) };
  return await latest.run(scope);
}

let latest: { readonly code: string; readonly run: Run } | undefined;

function compile(code: string): Run {
  const expression = code.trim().replace(/;$/, "");
  return compileAs(`return (\n${expression}\n);`) ?? compileStatements(code);
}

function compileStatements(code: string): Run {
  const names = declaredNames(code);
  const kept = names.map((name) => `${key}.locals[${JSON.stringify(name)}] = ${name};`).join(" ");
  // The second compilation throws what is wrong with the code.
  return compileAs(`${code}\n;${kept}`) ?? compileOrThrow(code);
}

function compileAs(body: string): Run | undefined {
  try {
    return compileOrThrow(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function compileOrThrow(body: string): Run {
  // Sloppy code, the only kind that knows `with`.
  const source = `(async function (${key}) { const require = ${key}.require; with (${key}.locals) { ${body}\n } })`;
  return runInThisContext(source, { filename: "evalmachine.<javascript>" }) as Run;
}

/** Names declared at the start of a line, which is where top-level declarations stand. */
function declaredNames(code: string): string[] {
  const pattern = /^(?:async\s+)?(?:var|let|const|function\s*\*?|class)\s+([A-Za-z_$][\w$]*)/gm;
  return [...new Set([...code.matchAll(pattern)].map(([, name = ""]) => name))];
}
