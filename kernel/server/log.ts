// Whoever read the log may be gone; a kernel that is ending must not stumble over that.
process.stderr.on("error", () => {});

/** One line for whoever runs the kernel; front ends show it in their own log. */
export function log(text: string): void {
  process.stderr.write(`[colabcode-kernel] ${text}\n`);
}
