import { loadTypeScript, type TypeScript, type ts } from "./typescript.ts";

/** A place in code where a magic or shell line stands. */
export interface LineToken {
  readonly kind: "magic" | "shell";
  readonly start: number;
  readonly end: number;
  /** `await` is written before it. */
  readonly isAwaited: boolean;
}

const candidatePattern = /^[^\S\n]*[%!]|(?:=|\bawait)[^\S\n]*%/m;
const magicPattern = /^%[A-Za-z_]\w*(?=[\s;?]|$)/;
const negationPattern =
  /^![ \t]*(?:[([!='"`]|$|(?:function|async|await|new|typeof|void|delete|this|super|class|yield)\b)/;

/** Finds, with TypeScript's scanner, where magic and shell lines begin and end. */
export function findLineStarts(code: string): LineToken[] {
  if (!candidatePattern.test(code)) return [];
  return new LineTokenFinder(loadTypeScript(), code).find();
}

class LineTokenFinder {
  readonly #typescript: TypeScript;
  readonly #code: string;
  readonly #scanner: ts.Scanner;
  /** Open brackets; `true` for the `${` of a template. */
  readonly #open: boolean[] = [];
  /** Kinds of the last two tokens. */
  #previous: ts.SyntaxKind | undefined;
  #beforePrevious: ts.SyntaxKind | undefined;

  constructor(typescript: TypeScript, code: string) {
    this.#typescript = typescript;
    this.#code = code;
    this.#scanner = typescript.createScanner(
      typescript.ScriptTarget.Latest,
      true,
      typescript.LanguageVariant.Standard,
      code,
    );
  }

  find(): LineToken[] {
    const found: LineToken[] = [];
    const { SyntaxKind } = this.#typescript;
    for (let kind = this.#scan(); kind !== SyntaxKind.EndOfFileToken; kind = this.#scan()) {
      const token = this.#lineTokenAt(kind, this.#scanner.getTokenPos());
      if (token === undefined) {
        this.#beforePrevious = this.#previous;
        this.#previous = kind;
        continue;
      }
      found.push(token);
      this.#scanner.setTextPos(token.end);
      this.#beforePrevious = undefined;
      this.#previous = SyntaxKind.SemicolonToken;
    }
    return found;
  }

  #lineTokenAt(kind: ts.SyntaxKind, start: number): LineToken | undefined {
    const { SyntaxKind } = this.#typescript;
    const isMagic = kind === SyntaxKind.PercentToken;
    if (!isMagic && kind !== SyntaxKind.ExclamationToken) return undefined;
    if (this.#open.length > 0) return undefined;
    const lineStart = this.#code.lastIndexOf("\n", start - 1) + 1;
    const before = this.#code.slice(lineStart, start);
    const rest = this.#code.slice(start);
    const isAwaited = this.#previous === SyntaxKind.AwaitKeyword;
    const end = endOfLine(this.#code, start);
    if (isMagic) {
      if (!magicPattern.test(rest)) return undefined;
      const isAssigned =
        (isAwaited ? this.#beforePrevious : this.#previous) === SyntaxKind.EqualsToken;
      const isFirst = before.trim() === "" && this.#canBegin(this.#previous);
      const isAwaitedFirst = before.trim() === "await" && this.#canBegin(this.#beforePrevious);
      if (!isFirst && !isAwaitedFirst && (!isAssigned || before.trim() === "")) return undefined;
      return { kind: "magic", start, end, isAwaited };
    }
    if (before.trim() !== "" || !this.#canBegin(this.#previous)) return undefined;
    const line = this.#code.slice(start, end);
    return negationPattern.test(line) ? undefined : { kind: "shell", start, end, isAwaited: false };
  }

  /** Whether a statement can begin after a token, with a line break between. */
  #canBegin(previous: ts.SyntaxKind | undefined): boolean {
    if (previous === undefined) return true;
    const { SyntaxKind } = this.#typescript;
    if (previous >= SyntaxKind.FirstPunctuation && previous <= SyntaxKind.LastPunctuation) {
      return this.#endsOperand(previous) || previous === SyntaxKind.SemicolonToken;
    }
    return !this.#needsOperand(previous);
  }

  #needsOperand(kind: ts.SyntaxKind): boolean {
    const { SyntaxKind } = this.#typescript;
    return [
      SyntaxKind.AsKeyword,
      SyntaxKind.AwaitKeyword,
      SyntaxKind.ConstKeyword,
      SyntaxKind.DeleteKeyword,
      SyntaxKind.ExtendsKeyword,
      SyntaxKind.InKeyword,
      SyntaxKind.InstanceOfKeyword,
      SyntaxKind.KeyOfKeyword,
      SyntaxKind.LetKeyword,
      SyntaxKind.NewKeyword,
      SyntaxKind.SatisfiesKeyword,
      SyntaxKind.ThrowKeyword,
      SyntaxKind.TypeOfKeyword,
      SyntaxKind.VarKeyword,
      SyntaxKind.VoidKeyword,
    ].includes(kind);
  }

  /** Whether a punctuation closes an expression, so that `/` behind it divides. */
  #endsOperand(kind: ts.SyntaxKind): boolean {
    const { SyntaxKind } = this.#typescript;
    return [
      SyntaxKind.CloseBraceToken,
      SyntaxKind.CloseBracketToken,
      SyntaxKind.CloseParenToken,
      SyntaxKind.MinusMinusToken,
      SyntaxKind.PlusPlusToken,
    ].includes(kind);
  }

  /** The next token, with regular expressions and templates read as such. */
  #scan(): ts.SyntaxKind {
    const { SyntaxKind } = this.#typescript;
    let kind = this.#scanner.scan();
    if (kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken) {
      if (this.#isRegularExpressionNext()) kind = this.#scanner.reScanSlashToken();
    }
    if (kind === SyntaxKind.CloseBraceToken && this.#open.at(-1) === true) {
      kind = this.#scanner.reScanTemplateToken(false);
      if (kind !== SyntaxKind.TemplateMiddle) this.#open.pop();
      return kind;
    }
    switch (kind) {
      case SyntaxKind.TemplateHead:
        this.#open.push(true);
        break;
      case SyntaxKind.OpenBraceToken:
      case SyntaxKind.OpenBracketToken:
      case SyntaxKind.OpenParenToken:
        this.#open.push(false);
        break;
      case SyntaxKind.CloseBraceToken:
      case SyntaxKind.CloseBracketToken:
      case SyntaxKind.CloseParenToken:
        this.#open.pop();
        break;
    }
    return kind;
  }

  #isRegularExpressionNext(): boolean {
    const { SyntaxKind } = this.#typescript;
    const previous = this.#previous;
    if (previous === undefined) return true;
    if (previous >= SyntaxKind.FirstPunctuation && previous <= SyntaxKind.LastPunctuation) {
      return !this.#endsOperand(previous);
    }
    const isReserved =
      previous >= SyntaxKind.FirstReservedWord && previous <= SyntaxKind.LastReservedWord;
    const isValue = [
      SyntaxKind.ThisKeyword,
      SyntaxKind.SuperKeyword,
      SyntaxKind.TrueKeyword,
      SyntaxKind.FalseKeyword,
      SyntaxKind.NullKeyword,
    ].includes(previous);
    return (isReserved && !isValue) || previous === SyntaxKind.AwaitKeyword;
  }
}

/** The end of the line at `start`, or of the last one that a backslash continues it on. */
function endOfLine(code: string, start: number): number {
  const match = /^(?:[^\\\r\n]|\\\r?\n|\\)*/.exec(code.slice(start));
  return start + (match?.[0].length ?? 0);
}
