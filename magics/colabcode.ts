import { currentHost } from "../kernel/extension.ts";
import { type ServeOptions, serviceFor } from "./commands/app.ts";
import { waitForEnd } from "./commands/session-command.ts";
import type { End, Service } from "./services/service.ts";
import { openSession } from "./sessions/open-session.ts";
import type { Session } from "./sessions/session.ts";
import { currentSessions } from "./sessions/sessions.ts";
import { terminalHost } from "./terminal-host.ts";
import type { TunnelWish } from "./tunnels/providers.ts";
import type { TunnelAccess, TunnelProvider } from "./tunnels/tunnel.ts";

export interface ColabCodeOptions {
  /** Local port, 0 for a free one; default: COLABCODE_PORT, else 10000. */
  readonly port?: number;
  /** "0.0.0.0" lets others on the network in; default: 127.0.0.1, this machine only. */
  readonly host?: string;
  /** Password of VS Code; default: PASSWORD, else a random one. */
  readonly password?: string;
  /** Token of JupyterLab; default: JUPYTER_TOKEN, else a random one. */
  readonly token?: string;
  /** ngrok's token; default: NGROK_AUTHTOKEN. */
  readonly authtoken?: string;
  /** Start VS Code at once; `ready` tells when it is there. */
  readonly code?: boolean;
  /** Start JupyterLab at once; `ready` tells when it is there. */
  readonly lab?: boolean;
  /** "auto" (default), "none", a provider's name, a function that opens a link, or a provider of your own. */
  readonly tunnel?: TunnelWish | TunnelProvider;
  readonly domain?: string;
  /** `user:password` that visitors of an app must give. */
  readonly auth?: string;
  /** End after this time, e.g. "30m". */
  readonly ttl?: string;
  /** End when nobody asked for this long, e.g. "10m". */
  readonly idle?: string;
  /** Who may come in over a tunnel that can tell (ngrok). */
  readonly access?: TunnelAccess;
  /** Name of the session; default: what it is and its port. */
  readonly name?: string;
  /** Folder that editors open; default: the notebook's, else the current one. */
  readonly folder?: string;
  /** Accepted for notebooks written for Python; Google Drive is mounted from there. */
  readonly mount_drive?: boolean;
}

export interface RunOptions extends Omit<ServeOptions, "auth"> {
  /** Resolve only when the session has ended, as the Python original did. */
  readonly wait?: boolean;
}

/** A live session: its links, and how to end it. */
export interface RunningServer extends AsyncDisposable {
  readonly name: string;
  /** `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Proven public link; undefined where it is local only. */
  readonly publicUrl: string | undefined;
  readonly port: number;
  /** Password or token made for it; undefined where none was. */
  readonly secret: string | undefined;
  /** Resolves when it has ended, with the reason; never rejects. */
  readonly ended: Promise<End>;
  /** Resolves when its processes have exited and its port is free. */
  close(): Promise<void>;
}

/**
 * Serves apps, models and editors from a notebook cell or a program:
 * `await new ColabCode({ port: 8000 }).runApp(app)`. In a notebook what is started ends with its
 * cell; in a program with `close()`, `await using`, Ctrl-C or the program's end.
 */
export class ColabCode {
  /** Resolves with what `code` or `lab` started; with undefined where neither was asked for. */
  readonly ready: Promise<RunningServer | undefined>;
  readonly #options: ColabCodeOptions;

  constructor(options: ColabCodeOptions = {}) {
    this.#options = options;
    if (options.mount_drive === true) {
      console.error(
        "mount_drive: mount Google Drive from Colab's Files panel; this is not Python.",
      );
    }
    this.ready =
      options.code === true
        ? this.runCode()
        : options.lab === true
          ? this.runLab()
          : Promise.resolve(undefined);
    // Whoever awaits `ready` is told; nobody has to.
    this.ready.catch(() => {});
  }

  /**
   * Serves a model, an Express app, a `(request, response)` handler or an `http.Server`. Resolves
   * when a request through the link got its answer. Throws ColabCodeError PORT_IN_USE, BAD_APP, TUNNEL_FAILED.
   */
  async runApp(app: unknown, options: RunOptions = {}): Promise<RunningServer> {
    const { auth } = this.#options;
    const service = await serviceFor(app, { ...options, ...(auth === undefined ? {} : { auth }) });
    return await this.#open("app", service, options);
  }

  /** Opens VS Code (code-server); installs it into the cache where it is missing. */
  async runCode(options: Pick<RunOptions, "wait"> = {}): Promise<RunningServer> {
    const { codeServerService } = await import("./services/code-server.ts");
    const { password } = this.#options;
    const service = codeServerService({ password, folder: this.#folder() });
    return await this.#open("code", service, options);
  }

  /** Opens JupyterLab; installs it into the cache where it is missing. */
  async runLab(options: Pick<RunOptions, "wait"> = {}): Promise<RunningServer> {
    const { jupyterLabService } = await import("./services/jupyterlab.ts");
    const { token } = this.#options;
    const service = jupyterLabService({ token, folder: this.#folder() });
    return await this.#open("lab", service, options);
  }

  /** The Python original's name of `runApp`. */
  run_app(app: unknown, options: RunOptions = {}): Promise<RunningServer> {
    return this.runApp(app, options);
  }

  #folder(): string {
    return this.#options.folder ?? currentHost()?.folder ?? process.cwd();
  }

  async #open(kind: string, service: Service, options: RunOptions): Promise<RunningServer> {
    const notebook = currentHost();
    // A notebook that uses no magic has not loaded the extension that does this.
    if (notebook !== undefined) currentSessions().attach(notebook);
    const host = notebook ?? terminalHost(new AbortController().signal);
    const {
      port,
      host: at,
      name,
      tunnel,
      authtoken,
      domain,
      auth,
      access,
      ttl,
      idle,
    } = this.#options;
    const wishes = { port, host: at, name, tunnel, authtoken, domain, auth, access, ttl, idle };
    const session = await openSession(
      { kind, service, defaultPort: 10000, ...wishes },
      host,
      host.cell,
      host.signal,
    );
    if (options.wait === true) await waitForEnd(session, host.signal);
    return runningServer(session);
  }
}

function runningServer(session: Session): RunningServer {
  const view = session.view();
  const close = () => session.end("it was closed");
  return {
    name: session.name,
    url: view.localUrl ?? "",
    publicUrl: view.publicUrl,
    port: view.port ?? 0,
    secret: view.secret?.value,
    ended: session.ended,
    close,
    [Symbol.asyncDispose]: close,
  };
}
