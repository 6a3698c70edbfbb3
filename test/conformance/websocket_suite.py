"""The kernel behind the websockets of a Jupyter server and of a kernel gateway."""
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import unittest
import uuid

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

TIMEOUT = 60
TOKEN = uuid.uuid4().hex


def free_port():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        return holder.getsockname()[1]


class Channels:
    """One kernel's websocket."""

    def __init__(self, connection):
        self.connection = connection
        self.session = uuid.uuid4().hex
        self.printed = asyncio.Event()

    async def send(self, msg_type, content, channel="shell"):
        header = {"msg_id": uuid.uuid4().hex, "msg_type": msg_type, "session": self.session}
        header |= {"username": "test", "version": "5.4", "date": "2026-01-01T00:00:00Z"}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        await self.connection.write_message(json.dumps(message | {"channel": channel, "buffers": []}))
        return header["msg_id"]

    async def until(self, passes):
        """Messages up to the first that passes."""
        messages = []
        while True:
            text = await asyncio.wait_for(self.connection.read_message(), TIMEOUT)
            if text is None:
                raise AssertionError("the websocket was closed")
            messages.append(json.loads(text))
            if messages[-1]["msg_type"] == "stream":
                self.printed.set()
            if passes(messages[-1]):
                return messages

    async def execute(self, code):
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        msg_id = await self.send("execute_request", content | {"allow_stdin": False, "stop_on_error": True})
        seen = set()

        def is_done(message):
            if message["parent_header"].get("msg_id") == msg_id:
                seen.add(message["content"].get("execution_state") or message["msg_type"])
            return {"idle", "execute_reply"} <= seen

        return [m for m in await self.until(is_done) if m["parent_header"].get("msg_id") == msg_id]


class WebsocketCase:
    """Tests for each kind of server and one kernel of it; `command_line` starts it."""

    @classmethod
    def setUpClass(cls):
        cls.port = free_port()
        cls.process = subprocess.Popen(
            [sys.executable, "-m", *cls.command_line(cls.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        asyncio.run(cls.until_answering())
        cls.kernel = asyncio.run(cls.request("POST", "/kernels", {"name": "colabcode"}))["id"]

    @classmethod
    def tearDownClass(cls):
        asyncio.run(cls.request("DELETE", f"/kernels/{cls.kernel}"))
        cls.process.send_signal(signal.SIGTERM)
        try:
            cls.process.wait(10)
        except subprocess.TimeoutExpired:
            cls.process.kill()
            cls.process.wait()

    @classmethod
    async def request(cls, method, path, content=None):
        body = json.dumps(content or {}) if method == "POST" else None
        url = f"http://127.0.0.1:{cls.port}/api{path}"
        headers = {"Authorization": f"token {TOKEN}"}
        request = HTTPRequest(url, method=method, body=body, headers=headers, request_timeout=TIMEOUT)
        response = await AsyncHTTPClient().fetch(request)
        return json.loads(response.body) if response.body else None

    @classmethod
    async def until_answering(cls):
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline and cls.process.poll() is None:
            try:
                return await cls.request("GET", "/kernelspecs")
            except (OSError, HTTPClientError):
                await asyncio.sleep(0.1)
        raise AssertionError(f"{cls.__name__}: the server does not answer")

    async def with_kernel(self, use):
        url = f"ws://127.0.0.1:{self.port}/api/kernels/{self.kernel}/channels"
        request = HTTPRequest(url, headers={"Authorization": f"token {TOKEN}"})
        connection = await websocket_connect(request, max_message_size=100_000_000)
        try:
            await use(Channels(connection), self.kernel)
        finally:
            connection.close()

    def test_cell_answers_in_order(self):
        async def use(channels, _):
            messages = await channels.execute("console.log('one'); 1 + 1")
            iopub = [m["msg_type"] for m in messages if m["channel"] == "iopub"]
            self.assertEqual(iopub, ["status", "execute_input", "stream", "execute_result", "status"])

        asyncio.run(self.with_kernel(use))

    def test_interrupt_and_restart(self):
        async def use(channels, kernel_id):
            await channels.execute("let kept = 5")
            running = asyncio.ensure_future(channels.execute("console.log('go'); while (true) {}"))
            await channels.printed.wait()
            await self.request("POST", f"/kernels/{kernel_id}/interrupt")
            (error,) = [m for m in await running if m["msg_type"] == "error"]
            self.assertNotEqual(error["content"]["ename"], "RuntimeDied")
            (result,) = [m for m in await channels.execute("kept") if m["msg_type"] == "execute_result"]
            self.assertEqual(result["content"]["data"]["text/plain"], "5")
            await self.request("POST", f"/kernels/{kernel_id}/restart")
            messages = await channels.execute("typeof kept")
            self.assertIn("error", [m["msg_type"] for m in messages])

        asyncio.run(self.with_kernel(use))


class FloodCase(WebsocketCase):
    def test_floods_arrive_whole(self):
        async def use(channels, _):
            messages = await channels.execute("for (let i = 0; i < 100000; i++) console.log(i)")
            text = "".join(m["content"]["text"] for m in messages if m["msg_type"] == "stream")
            self.assertEqual(text, "".join(f"{i}\n" for i in range(100000)))
            messages = await channels.execute("display.html('x'.repeat(20_000_000));")
            (shown,) = [m for m in messages if m["msg_type"] == "display_data"]
            self.assertEqual(len(shown["content"]["data"]["text/html"]), 20_000_000)

        asyncio.run(self.with_kernel(use))


class JupyterServerTest(FloodCase, unittest.TestCase):
    @staticmethod
    def command_line(port):
        options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
        return ["jupyter_server", *options, f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={os.getcwd()}"]


class KernelGatewayTest(FloodCase, unittest.TestCase):
    @staticmethod
    def command_line(port):
        options = [f"--KernelGatewayApp.port={port}", "--KernelGatewayApp.port_retries=0"]
        return ["kernel_gateway", *options, f"--KernelGatewayApp.auth_token={TOKEN}"]


if __name__ == "__main__":
    unittest.main()
