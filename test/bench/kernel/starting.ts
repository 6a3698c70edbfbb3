import * as zmq from "zeromq";
import { KernelProcess } from "../../../kernel/client/kernel-process.ts";
import { endpoint } from "../../../kernel/protocol/connection.ts";
import { MessageFactory } from "../../../kernel/protocol/message.ts";
import { WireCodec } from "../../../kernel/protocol/wire-codec.ts";
import { emptyFolder } from "./empty-folder.ts";

/** From the start of a kernel's process, in ms. */
export interface StartFigures {
  readonly kernelInfo: number;
  readonly firstResult: number;
}

/**
 * Starts a kernel, asks it for kernel_info and, when that is answered, runs `1+1`. The sockets are
 * the bench's own: they look for the kernel every 2 ms, where a front end waits up to 100.
 */
export async function measureStart(argv: readonly string[]): Promise<StartFigures> {
  const begin = performance.now();
  const kernel = await KernelProcess.launch({ argv, transport: "tcp", folder: emptyFolder() });
  const shell = new zmq.Dealer({ reconnectInterval: 2, linger: 0, receiveTimeout: 15_000 });
  const codec = new WireCodec(kernel.connection.key, kernel.connection.signatureScheme);
  const messages = new MessageFactory("bench");
  const ask = async (type: string, content: Record<string, unknown>): Promise<number> => {
    // The types want a mutable array; it is only read.
    await shell.send(codec.encode(messages.create(type, content, {})) as Uint8Array[]);
    const frames = await shell.receive().catch((cause: unknown) => {
      throw new Error(`No answer to ${type} by ${argv.join(" ")}`, { cause });
    });
    const decoded = codec.decode(frames);
    if (decoded.kind === "rejected") throw new Error(decoded.reason);
    if (decoded.message.content.status === "error") throw new Error(`${type} failed`);
    return performance.now() - begin;
  };
  try {
    shell.connect(endpoint(kernel.connection, "shell"));
    const kernelInfo = await ask("kernel_info_request", {});
    const firstResult = await ask("execute_request", {
      code: "1+1",
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    });
    return { kernelInfo, firstResult };
  } finally {
    shell.close();
    await kernel.end(0);
  }
}
