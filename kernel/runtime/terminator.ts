import { Session } from "node:inspector";
import { forgetExpression } from "./forget-async-context.ts";
import { type SharedState, slot } from "./shared-state.ts";

const answerMs = 200;
const tries = 40;

/**
 * Ends the user code that the main thread runs, from another thread. Gives false when it found
 * none: a termination that hits the runtime's own code, or the next that runs, would be worse.
 */
export function terminateUserCode(state: SharedState): boolean {
  const session = new Session();
  session.connectToMainThread();
  for (let attempt = 0; attempt < tries; attempt++) {
    const answer = ask(session, state);
    if (answer === 1) {
      session.post("Runtime.terminateExecution", () => session.disconnect());
      Atomics.store(state, slot.isTerminationPosted, 1);
      return true;
    }
    // Blocked in native code, which only its end can help.
    if (answer === 0) break;
  }
  session.disconnect();
  return false;
}

/** Whether the main thread waits in user code (1), does not (2), or does not answer (0). */
function ask(session: Session, state: SharedState): number {
  Atomics.store(state, slot.isTerminationPosted, 0);
  Atomics.store(state, slot.terminationAnswer, 0);
  const request = Atomics.add(state, slot.terminationRequest, 1) + 1;
  session.post("Runtime.evaluate", { expression: forgetExpression(request) }, () => undefined);
  Atomics.wait(state, slot.terminationAnswer, 0, answerMs);
  // What did not answer in time is void from here on.
  Atomics.add(state, slot.terminationRequest, 1);
  return Atomics.load(state, slot.terminationAnswer);
}
