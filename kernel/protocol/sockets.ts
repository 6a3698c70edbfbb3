import * as zmq from "zeromq";
import { type Channel, type Connection, channels, endpoint } from "./connection.ts";

type Frames = readonly Uint8Array[];
type SendingChannel = Exclude<Channel, "hb">;

/** The kernel's side of the five channels. */
export interface KernelSockets extends AsyncDisposable {
  /** The connection with the ports that were bound, where it asked for free ones. */
  readonly connection: Connection;
  /** Sends after whatever was given before on the same channel; nothing is dropped. */
  send(channel: SendingChannel, frames: Frames): void;
  /** Resolves when everything given to `send` is with ZeroMQ. */
  flush(): Promise<void>;
}

export interface KernelListeners {
  onFrames(channel: "shell" | "control" | "stdin", frames: Frames): void;
  /** A front end subscribed to `topic` on iopub. */
  onSubscribe(topic: Buffer): void;
}

/** How long a closing socket waits for a slow reader, in ms. */
const lingerMs = 1_000;

/** Binds all channels; rejects and leaves none bound when one cannot be. */
export async function bindKernelSockets(
  connection: Connection,
  listeners: KernelListeners,
): Promise<KernelSockets> {
  const ipv6 = connection.ip.includes(":");
  const unlimited = { sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: lingerMs, ipv6 };
  const routing = { ...unlimited, handover: true };
  const sockets = {
    shell: new zmq.Router(routing),
    control: new zmq.Router(routing),
    stdin: new zmq.Router(routing),
    iopub: new zmq.XPublisher({ ...unlimited, verbosity: "allSubs" }),
    hb: new zmq.Router({ linger: 0, ipv6 }),
  };
  const close = () => {
    for (const socket of Object.values(sockets)) if (!socket.closed) socket.close();
  };
  let bound = connection;
  try {
    for (const channel of channels) {
      const socket = sockets[channel];
      await socket.bind(endpoint(bound, channel));
      const port = Number(/:(\d+)$/.exec(socket.lastEndpoint ?? "")?.[1] ?? bound.ports[channel]);
      if (bound.transport === "tcp")
        bound = { ...bound, ports: { ...bound.ports, [channel]: port } };
    }
  } catch (error) {
    close();
    throw error;
  }
  const endEcho = await echo(sockets.hb);
  for (const channel of ["shell", "control", "stdin"] as const) {
    void receive(sockets[channel], (frames) => listeners.onFrames(channel, frames));
  }
  void receive(sockets.iopub, ([event]) => {
    if (event?.[0] === 1) listeners.onSubscribe(event.subarray(1));
  });
  const queues = {
    shell: new SendQueue(sockets.shell),
    control: new SendQueue(sockets.control),
    stdin: new SendQueue(sockets.stdin),
    iopub: new SendQueue(sockets.iopub),
  };
  const flush = async () => {
    await Promise.all(Object.values(queues).map((queue) => queue.drained()));
  };
  return {
    connection: bound,
    send: (channel, frames) => queues[channel].push(frames),
    flush,
    async [Symbol.asyncDispose]() {
      await flush();
      await endEcho();
      close();
    },
  };
}

/** A front end's side of the channels; messages of a kernel that is still starting wait for it. */
export interface ClientSockets extends Disposable {
  send(channel: "shell" | "control" | "stdin", frames: Frames): void;
  /** Resolves with true when the heartbeat came back within `timeoutMs`. */
  beat(timeoutMs: number): Promise<boolean>;
}

export function connectClientSockets(
  connection: Connection,
  onFrames: (channel: SendingChannel, frames: Frames) => void,
): ClientSockets {
  const ipv6 = connection.ip.includes(":");
  const subscribing = {
    receiveHighWaterMark: 0,
    linger: 0,
    reconnectInterval: 10,
    reconnectMaxInterval: 100,
    ipv6,
  };
  // One identity for shell and stdin: the kernel asks for input where the execute request came from.
  const routingId = `client-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const options = { ...subscribing, sendHighWaterMark: 0, routingId };
  const sockets = {
    shell: new zmq.Dealer(options),
    control: new zmq.Dealer(options),
    stdin: new zmq.Dealer(options),
    iopub: new zmq.Subscriber(subscribing),
  };
  sockets.iopub.subscribe();
  for (const channel of ["shell", "control", "stdin", "iopub"] as const) {
    sockets[channel].connect(endpoint(connection, channel));
    void receive(sockets[channel], (frames) => onFrames(channel, frames));
  }
  const queues = {
    shell: new SendQueue(sockets.shell),
    control: new SendQueue(sockets.control),
    stdin: new SendQueue(sockets.stdin),
  };
  return {
    send: (channel, frames) => queues[channel].push(frames),
    async beat(timeoutMs) {
      const socket = new zmq.Request({ linger: 0, ipv6, receiveTimeout: timeoutMs });
      try {
        socket.connect(endpoint(connection, "hb"));
        await socket.send("ping");
        const [answer] = await socket.receive();
        return answer?.toString() === "ping";
      } catch {
        // The receive timed out: that is the answer.
        return false;
      } finally {
        socket.close();
      }
    },
    [Symbol.dispose]() {
      for (const socket of Object.values(sockets)) if (!socket.closed) socket.close();
    },
  };
}

/** zeromq.js allows one pending send per socket; this keeps the others in order behind it. */
class SendQueue {
  readonly #socket: zmq.Router | zmq.XPublisher | zmq.Dealer;
  #waiting: Frames[] = [];
  #isRunning = false;
  #running = Promise.resolve();

  constructor(socket: zmq.Router | zmq.XPublisher | zmq.Dealer) {
    this.#socket = socket;
  }

  push(frames: Frames): void {
    this.#waiting.push(frames);
    if (!this.#isRunning) this.#running = this.#run();
  }

  async drained(): Promise<void> {
    while (this.#isRunning) await this.#running;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      for (const frames of batch) {
        if (this.#socket.closed) break;
        // The types want a mutable array; it is only read.
        await this.#socket.send(frames as Uint8Array[]).catch(reportUnsent);
      }
    }
    this.#isRunning = false;
  }
}

function reportUnsent(error: unknown): void {
  // EHOSTUNREACH: the peer of a ROUTER is gone, so there is nobody to tell.
  const code = (error as { code?: unknown }).code;
  if (code === "EHOSTUNREACH" || code === "EAGAIN" || code === "EBADF") return;
  process.stderr.write(`A message could not be sent: ${String(error)}\n`);
}

async function receive(
  socket: zmq.Router | zmq.XPublisher | zmq.Dealer | zmq.Subscriber,
  onFrames: (frames: Buffer[]) => void,
): Promise<void> {
  while (!socket.closed) {
    try {
      onFrames(await socket.receive());
    } catch (error) {
      if (socket.closed) return;
      process.stderr.write(`A message could not be received: ${String(error)}\n`);
    }
  }
}

/**
 * Echoes heartbeats in ZeroMQ's own thread, so that they are answered while this one is busy: the
 * back of the proxy is a socket connected to itself.
 */
async function echo(front: zmq.Router): Promise<() => Promise<void>> {
  const back = new zmq.Dealer({ linger: 0 });
  const address = `inproc://heartbeat-${process.pid}-${Math.random().toString(36).slice(2)}`;
  await back.bind(address);
  back.connect(address);
  const proxy = new zmq.Proxy(front, back);
  let isRunning = true;
  const running = proxy.run().then(
    () => {
      isRunning = false;
    },
    () => {
      isRunning = false;
    },
  );
  const terminate = () => {
    if (isRunning) proxy.terminate();
  };
  // A process cannot exit while the proxy's thread runs.
  process.once("exit", terminate);
  return async () => {
    process.removeListener("exit", terminate);
    terminate();
    await running;
  };
}
