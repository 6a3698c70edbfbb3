import { explainCode } from "./ngrok-errors.ts";

export interface ProbeOptions {
  /** Path that answers 200; default `/`. */
  readonly path?: string | undefined;
  /** Text that our service's answer contains, so that a stranger's page is not taken for it. */
  readonly marker?: string | undefined;
  /** `user:password` that the link asks for. */
  readonly auth?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Limit for one request. */
  readonly timeoutMs?: number;
}

/** What one request through a link saw. */
export interface Sight {
  readonly isOurs: boolean;
  /** 0 where nothing answered. */
  readonly status: number;
  /** ngrok's own, where the answer is not the app's but ngrok's. */
  readonly code: string | undefined;
  /** For a sentence: "got 502 from https://…". */
  readonly saw: string;
}

const bodyLimit = 256 * 1024;

/** Asks once through a link. Never rejects. */
export async function probe(url: string, options: ProbeOptions = {}): Promise<Sight> {
  const target = url + (options.path ?? "/");
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 5_000);
  try {
    const response = await fetch(target, {
      redirect: "manual",
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      headers: {
        "user-agent": "colabcode-probe",
        // Without it free accounts' links answer with ngrok's own page first.
        "ngrok-skip-browser-warning": "1",
        ...authorization(options.auth),
        ...options.headers,
      },
    });
    const body = await readStart(response);
    return judge(response, { body, url, marker: options.marker });
  } catch (error) {
    const saw = `got no answer from ${url} (${describe(error)})`;
    return { isOurs: false, status: 0, code: undefined, saw };
  }
}

function judge(
  response: Response,
  { body, url, marker }: { body: string; url: string; marker: string | undefined },
): Sight {
  const { status } = response;
  const code =
    response.headers.get("ngrok-error-code") ??
    (status === 200 ? undefined : /ERR_NGROK_\d+/.exec(body)?.[0]);
  const foreign = { isOurs: false, status, code };
  if (code === "ERR_NGROK_6024" || (code === undefined && isBrowserPage(body))) {
    return { ...foreign, saw: `got ngrok's page for browsers from ${url}` };
  }
  if (code !== undefined) {
    const meaning = explainCode(code)?.sentence ?? "";
    return { ...foreign, saw: `got ${status} from ${url}: ${meaning} (${code})` };
  }
  if (status !== 200) return { ...foreign, saw: `got ${status} from ${url}` };
  if (marker !== undefined && !body.includes(marker)) {
    return { ...foreign, saw: `got a page from ${url} that is not the service's` };
  }
  return { isOurs: true, status, code, saw: `got 200 from ${url}` };
}

function isBrowserPage(body: string): boolean {
  return body.includes("ERR_NGROK_6024");
}

async function readStart(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  if (response.body === null) return text;
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > bodyLimit) break; // Leaving the loop ends the answer.
  }
  return text;
}

export function authorization(auth: string | undefined): Record<string, string> {
  if (auth === undefined) return {};
  return { authorization: `Basic ${Buffer.from(auth).toString("base64")}` };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  const cause = error.cause;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return error.message;
}
