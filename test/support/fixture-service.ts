import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { End, RunningService, Service } from "../../magics/services/service.ts";

/** A service over a real HTTP server in this process, with what tests need to look at. */
export class FixtureService implements Service {
  readonly kind = "fixture";
  starts = 0;
  replaces = 0;
  readonly #answer: string;
  readonly #options: { canReplace?: boolean; failsToStart?: boolean; status?: number };

  constructor(
    answer: string,
    options: { canReplace?: boolean; failsToStart?: boolean; status?: number } = {},
  ) {
    this.#answer = answer;
    this.#options = options;
  }

  async start(port: number): Promise<FixtureRunning> {
    this.starts++;
    if (this.#options.failsToStart === true) throw new Error("the fixture does not start");
    return await FixtureRunning.listen(port, this.#answer, this.#options.status ?? 200);
  }

  canReplace(running: RunningService): boolean {
    return this.#options.canReplace === true && running instanceof FixtureRunning;
  }

  async replace(running: RunningService): Promise<RunningService> {
    this.replaces++;
    if (this.#options.failsToStart === true) throw new Error("the fixture does not start");
    (running as FixtureRunning).answer = this.#answer;
    return running;
  }
}

export class FixtureRunning implements RunningService {
  readonly pid = process.pid;
  readonly probePath = "/";
  readonly marker = undefined;
  readonly summary = "a fixture";
  readonly links = [{ label: "page", path: "/" }];
  readonly runsCode = false;
  readonly secret = undefined;
  readonly isProtected = false;
  readonly url: string;
  readonly port: number;
  readonly ended: Promise<End>;
  answer: string;
  requests = 0;
  #end: (end: End) => void = () => {};
  readonly #close: () => Promise<void>;

  static async listen(port: number, answer: string, status: number): Promise<FixtureRunning> {
    let running: FixtureRunning | undefined;
    const listener: RequestListener = (_request, response) => {
      if (running !== undefined) running.requests++;
      response.statusCode = status;
      response.end(running?.answer);
    };
    const server = createServer(listener);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    const close = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    // A listening TCP server has an address with a port.
    running = new FixtureRunning((server.address() as AddressInfo).port, answer, close);
    return running;
  }

  private constructor(port: number, answer: string, close: () => Promise<void>) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.answer = answer;
    this.#close = close;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  log(): readonly string[] {
    return [];
  }

  stats(): { requests: number; errors: number } {
    return { requests: this.requests, errors: 0 };
  }

  /** As if the program had crashed. */
  async die(reason: string): Promise<void> {
    await this.#close();
    this.#end({ asked: false, reason });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
    this.#end({ asked: true, reason: "closed" });
  }
}
