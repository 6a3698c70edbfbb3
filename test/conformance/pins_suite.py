"""The kernel with Colab's versions of the Jupyter programs, over Colab's transport."""
import os
import unittest
from importlib.metadata import version

from jupyter_client.manager import KernelManager

from websocket_suite import TOKEN, WebsocketCase

IPC = "--KernelManager.transport=ipc"


class PinnedGatewayTest(WebsocketCase, unittest.TestCase):
    @staticmethod
    def command_line(port):
        options = [f"--KernelGatewayApp.port={port}", "--KernelGatewayApp.port_retries=0", IPC]
        return ["kernel_gateway", *options, f"--KernelGatewayApp.auth_token={TOKEN}"]


class PinnedNotebookTest(WebsocketCase, unittest.TestCase):
    @staticmethod
    def command_line(port):
        options = ["--no-browser", "--allow-root", f"--port={port}", "--NotebookApp.port_retries=0", IPC]
        return ["notebook", *options, f"--NotebookApp.token={TOKEN}", f"--NotebookApp.notebook_dir={os.getcwd()}"]


class PinnedClientTest(unittest.TestCase):
    def test_versions_are_the_pinned_ones(self):
        found = [version(name) for name in ["jupyter_client", "pyzmq", "notebook"]]
        self.assertEqual(found, ["7.4.9", "26.2.1", "6.5.7"])

    def test_addresses_have_the_form_of_ipc_and_answer(self):
        manager = KernelManager(kernel_name="colabcode", transport="ipc")
        manager.start_kernel()
        client = manager.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=30)
            info = manager.get_connection_info()
            self.assertEqual(info["transport"], "ipc")
            self.assertTrue(os.path.exists(f"{info['ip']}-{info['shell_port']}"))
            outputs = []
            reply = client.execute_interactive("1 + 1", timeout=30, output_hook=outputs.append)
            self.assertEqual(reply["content"]["status"], "ok")
            (result,) = [m for m in outputs if m["msg_type"] == "execute_result"]
            self.assertEqual(result["content"]["data"]["text/plain"], "2")
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=False)


if __name__ == "__main__":
    unittest.main()
