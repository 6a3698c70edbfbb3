/** How often the parent is looked for, in ms. */
const everyMs = 1_000;

/** Calls `onGone` once when the process that started this one, `pid`, has ended. */
export function watchParent(pid: number, onGone: () => void): void {
  const isParent = process.ppid === pid;
  // A launcher in between may replace the parent; then only the process itself can be asked.
  const isGone = () => (isParent ? process.ppid !== pid : !isAlive(pid));
  const timer = setInterval(() => {
    if (!isGone()) return;
    clearInterval(timer);
    onGone();
  }, everyMs);
  timer.unref();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
