/** One line for whoever runs the kernel; front ends show it in their own log. */
export function log(text: string): void {
  process.stderr.write(`[colabcode-kernel] ${text}\n`);
}
