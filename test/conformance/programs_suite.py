"""The kernel in programs that people run: the console in a terminal, papermill, jupyter kernelspec."""
import json
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import nbformat

TIMEOUT = 60


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, argv):
        self.text = ""
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm"
            os.execv(argv[0], argv)

    def until(self, text):
        """What was written up to and with `text`."""
        deadline = time.monotonic() + TIMEOUT
        while text not in self.text:
            if time.monotonic() > deadline:
                raise AssertionError(f"no {text!r} in {self.text!r}")
            if select.select([self.descriptor], [], [], 0.2)[0]:
                self.text += os.read(self.descriptor, 65536).decode()
        before, _, self.text = self.text.partition(text)
        return before + text

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def end(self):
        """Waits for the program to end by itself; its exit code, or minus the signal that ended it."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended != 0:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                raise AssertionError(f"it did not end: {self.text!r}")
            if select.select([self.descriptor], [], [], 0.2)[0]:
                try:
                    self.text += os.read(self.descriptor, 65536).decode()
                except OSError:
                    # The terminal is gone with the program; waitpid tells of it.
                    time.sleep(0.05)


class ProgramsTest(unittest.TestCase):
    def test_console_runs_cells_asks_and_interrupts(self):
        terminal = Terminal([sys.executable, "-m", "jupyter_console", "--kernel", "colabcode", "--simple-prompt"])
        self.assertIn("TypeScript", terminal.until("In [1]:"))
        terminal.type("const x: number = 20\n")
        terminal.until("In [2]:")
        terminal.type("x + 1\n")
        self.assertIn("Out[2]: 21", terminal.until("In [3]:"))
        terminal.type("const n: number = 'a'\n")
        self.assertIn("TS2322", terminal.until("In [4]:"))
        terminal.type("console.log('spin' + 'ning'); while (true) {}\n")
        terminal.until("spinning")
        terminal.type("\x03")
        self.assertIn("Interrupted", terminal.until("In [5]:"))
        terminal.type("const who = await input('Your' + ' name: ')\n")
        terminal.until("Your name: ")
        terminal.type("Ada\n")
        terminal.until("In [6]:")
        terminal.type("`${who} ${x}`\n")
        self.assertIn("Out[6]: 'Ada 20'", terminal.until("In [7]:"))
        terminal.type("\x04")
        terminal.until("exit")
        terminal.type("y\n")
        terminal.end()

    def test_npm_start_serves_until_ctrl_c(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
        os.environ["PORT"] = str(port)
        try:
            terminal = Terminal(["/usr/bin/env", "npm", "--prefix", root, "start"])
        finally:
            del os.environ["PORT"]
        terminal.until("Press Ctrl-C")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/docs/", timeout=TIMEOUT) as reply:
            self.assertEqual(reply.status, 200)
        terminal.type("\x03")
        self.assertEqual(terminal.end(), 0)
        with socket.socket() as freed:
            freed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            freed.bind(("127.0.0.1", port))

    def test_papermill_executes_a_notebook(self):
        cells = ["const words: string[] = ['a', 'b']", "words.map((word) => word.toUpperCase())"]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        spec = {"name": "colabcode", "display_name": "TypeScript (ColabCode)", "language": "typescript"}
        notebook.metadata.kernelspec = spec
        with tempfile.TemporaryDirectory() as folder:
            source, target = os.path.join(folder, "in.ipynb"), os.path.join(folder, "out.ipynb")
            nbformat.write(notebook, source)
            command = [sys.executable, "-m", "papermill", "--no-progress-bar", source, target]
            subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT)
            executed = nbformat.read(target, as_version=4)
        nbformat.validate(executed)
        self.assertEqual(executed.cells[1].outputs[0].data["text/plain"], "[ 'A', 'B' ]")

    def test_kernelspec_is_listed_with_its_logos(self):
        command = [sys.executable, "-m", "jupyter_client.kernelspecapp", "list", "--json"]
        listed = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT).stdout)
        spec = listed["kernelspecs"]["colabcode"]
        self.assertEqual(spec["spec"]["display_name"], "TypeScript (ColabCode)")
        self.assertEqual(spec["spec"]["interrupt_mode"], "message")
        files = set(os.listdir(spec["resource_dir"]))
        self.assertTrue({"logo-32x32.png", "logo-64x64.png", "logo-svg.svg"} <= files)


if __name__ == "__main__":
    unittest.main()
