"""What the Jupyter messaging specification asks of a kernel, seen through jupyter_client."""
import os
import signal
import time
import unittest
from queue import Empty

from jupyter_client.manager import KernelManager

TIMEOUT = 30


class KernelCase(unittest.TestCase):
    """One kernel for the tests of a class."""

    transport = "tcp"

    @classmethod
    def setUpClass(cls):
        cls.km = KernelManager(kernel_name="colabcode", transport=cls.transport)
        cls.km.start_kernel()
        cls.kc = cls.km.blocking_client()
        cls.kc.start_channels()
        cls.kc.wait_for_ready(timeout=TIMEOUT)

    @classmethod
    def tearDownClass(cls):
        cls.kc.stop_channels()
        cls.km.shutdown_kernel(now=False)

    def until_idle(self, msg_id, timeout=TIMEOUT):
        """The iopub messages of a request, from busy to idle."""
        messages = []
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            try:
                message = self.kc.get_iopub_msg(timeout=1)
            except Empty:
                continue
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            messages.append(message)
            if message["content"].get("execution_state") == "idle":
                return messages
        self.fail(f"no idle within {timeout} s, only {[m['msg_type'] for m in messages]}")

    def reply_to(self, msg_id, timeout=TIMEOUT):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            message = self.kc.get_shell_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") == msg_id:
                return message
        self.fail("no reply")

    def run_cell(self, code, timeout=TIMEOUT, **options):
        msg_id = self.kc.execute(code, **options)
        reply = self.reply_to(msg_id, timeout)
        return reply, self.until_idle(msg_id, timeout)

    def control(self, msg_type, content, timeout=TIMEOUT):
        message = self.kc.session.msg(msg_type, content)
        self.kc.control_channel.send(message)
        while True:
            reply = self.kc.get_control_msg(timeout=timeout)
            if reply["parent_header"].get("msg_id") == message["header"]["msg_id"]:
                return reply

    def until_started(self, msg_id):
        """Waits until the cell has printed something."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            message = self.kc.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == msg_id and message["msg_type"] == "stream":
                return
        self.fail("the cell printed nothing")


def types(messages):
    return [m["msg_type"] for m in messages]


def text_of(messages, name="stdout"):
    return "".join(
        m["content"]["text"] for m in messages if m["msg_type"] == "stream" and m["content"]["name"] == name
    )


class MessagesTest(KernelCase):
    def test_kernel_info_names_protocol_language_and_versions(self):
        msg_id = self.kc.kernel_info()
        content = self.reply_to(msg_id)["content"]
        self.assertEqual(content["status"], "ok")
        self.assertEqual(content["protocol_version"], "5.4")
        self.assertEqual(content["implementation"], "colabcode")
        self.assertRegex(content["implementation_version"], r"^\d+\.\d+\.\d+")
        language = content["language_info"]
        self.assertEqual((language["name"], language["file_extension"]), ("typescript", ".ts"))
        self.assertRegex(language["version"], r"^\d+\.\d+")
        self.assertIsInstance(content["supported_features"], list)
        self.assertTrue(all({"text", "url"} <= set(link) for link in content["help_links"]))

    def test_cell_has_busy_input_result_idle_in_this_order(self):
        reply, messages = self.run_cell("1 + 1")
        self.assertEqual(types(messages), ["status", "execute_input", "execute_result", "status"])
        self.assertEqual(messages[2]["content"]["data"]["text/plain"], "2")
        self.assertEqual(messages[2]["content"]["execution_count"], reply["content"]["execution_count"])
        self.assertIn("started", reply["metadata"])
        self.assertEqual(reply["content"]["payload"], [])

    def test_no_result_after_semicolon_or_for_undefined(self):
        for code in ["1 + 1;", "undefined", "const quiet = 1"]:
            with self.subTest(code=code):
                _, messages = self.run_cell(code)
                self.assertEqual(types(messages), ["status", "execute_input", "status"])

    def test_error_reply_and_error_message_agree(self):
        reply, messages = self.run_cell("throw new RangeError('too far')")
        (error,) = [m["content"] for m in messages if m["msg_type"] == "error"]
        for field in ["ename", "evalue", "traceback"]:
            self.assertEqual(reply["content"][field], error[field])
        self.assertEqual((error["ename"], error["evalue"]), ("RangeError", "too far"))

    def test_type_error_is_shown_and_nothing_runs(self):
        reply, messages = self.run_cell("console.log('ran'); const n: number = 'text'")
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual(types(messages), ["status", "execute_input", "error", "status"])
        self.assertIn("2322", "\n".join(reply["content"]["traceback"]))

    def test_silent_counts_nothing_and_shows_nothing(self):
        before = self.run_cell("0")[0]["content"]["execution_count"]
        _, messages = self.run_cell("1 + 1", silent=True)
        self.assertEqual(types(messages), ["status", "status"])
        after = self.run_cell("0")[0]["content"]["execution_count"]
        self.assertEqual(after, before + 1)

    def test_store_history_false_does_not_count(self):
        before = self.run_cell("0")[0]["content"]["execution_count"]
        _, messages = self.run_cell("5", store_history=False)
        self.assertIn("execute_result", types(messages))
        self.assertEqual(self.run_cell("0")[0]["content"]["execution_count"], before + 1)

    def test_user_expressions_have_a_value_or_an_error_each(self):
        reply, _ = self.run_cell(
            "const fresh = 20", user_expressions={"good": "fresh + 1", "bad": "nowhere", "throws": "null!.x"}
        )
        values = reply["content"]["user_expressions"]
        self.assertEqual(values["good"]["status"], "ok")
        self.assertEqual(values["good"]["data"]["text/plain"], "21")
        self.assertEqual(values["bad"]["status"], "error")
        self.assertTrue({"ename", "evalue", "traceback"} <= set(values["throws"]))

    def test_stop_on_error_aborts_what_is_queued_and_only_that(self):
        ids = [self.kc.execute(code) for code in ["throw 1", "console.log('no')", "2"]]
        replies = [self.reply_to(msg_id)["content"]["status"] for msg_id in ids]
        self.assertEqual(replies, ["error", "aborted", "aborted"])
        self.until_idle(ids[-1])
        self.assertEqual(self.run_cell("3")[0]["content"]["status"], "ok")

    def test_stop_on_error_false_lets_the_queue_go_on(self):
        ids = [self.kc.execute("throw 1", stop_on_error=False), self.kc.execute("2")]
        self.assertEqual([self.reply_to(i)["content"]["status"] for i in ids], ["error", "ok"])
        self.until_idle(ids[-1])

    def test_other_requests_are_answered_while_a_cell_spins(self):
        msg_id = self.kc.execute("console.log('go'); while (true) {}")
        self.until_started(msg_id)
        for request in [self.kc.kernel_info(), self.kc.complete("Math.ma"), self.kc.is_complete("1 +")]:
            self.assertNotEqual(self.reply_to(request, 10)["content"]["status"], "error")
        self.assertTrue(self.kc.is_alive())
        self.km.interrupt_kernel()
        self.assertEqual(self.reply_to(msg_id, 10)["content"]["status"], "error")
        self.until_idle(msg_id)

    def test_interrupt_keeps_variables(self):
        self.run_cell("let kept = 41")
        for code in ["while (true) {}", "await new Promise(() => {})"]:
            with self.subTest(code=code):
                msg_id = self.kc.execute(f"console.log('go'); {code}")
                self.until_started(msg_id)
                started = time.monotonic()
                self.km.interrupt_kernel()
                self.assertEqual(self.reply_to(msg_id, 10)["content"]["status"], "error")
                self.assertLess(time.monotonic() - started, 3)
                self.until_idle(msg_id)
        _, messages = self.run_cell("kept + 1")
        self.assertEqual(messages[2]["content"]["data"]["text/plain"], "42")

    def test_interrupt_while_idle_does_nothing(self):
        for _ in range(3):
            self.assertEqual(self.control("interrupt_request", {})["content"]["status"], "ok")
        self.assertEqual(self.run_cell("1")[0]["content"]["status"], "ok")

    def test_sigint_interrupts_and_the_kernel_lives(self):
        msg_id = self.kc.execute("console.log('go'); while (true) {}")
        self.until_started(msg_id)
        os.killpg(os.getpgid(self.km.provisioner.pid), signal.SIGINT)
        self.assertEqual(self.reply_to(msg_id, 10)["content"]["status"], "error")
        self.until_idle(msg_id)
        self.assertEqual(self.run_cell("1")[0]["content"]["status"], "ok")

    def test_output_arrives_while_a_loop_is_busy(self):
        msg_id = self.kc.execute(
            "for (let i = 0; i < 6; i++) { console.log(i); const t = Date.now(); while (Date.now() - t < 300); }"
        )
        arrivals = []
        while True:
            message = self.kc.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if message["msg_type"] == "stream":
                arrivals.append(time.monotonic())
            if message["content"].get("execution_state") == "idle":
                break
        self.reply_to(msg_id)
        self.assertGreaterEqual(len(arrivals), 4)
        self.assertGreater(arrivals[-1] - arrivals[0], 0.8)

    def test_100_000_lines_all_arrive_in_few_messages_before_idle(self):
        _, messages = self.run_cell("for (let i = 0; i < 100000; i++) console.log(i)", timeout=60)
        self.assertEqual(text_of(messages), "".join(f"{i}\n" for i in range(100000)))
        self.assertLess(len(messages), 1000)

    def test_20_megabytes_in_one_output(self):
        _, messages = self.run_cell("'x'.repeat(20_000_000).length; display.html('y'.repeat(20_000_000))", timeout=60)
        sizes = [len(m["content"]["data"].get("text/html", "")) for m in messages if m["msg_type"] == "display_data"]
        self.assertEqual(sizes, [20_000_000])

    def test_streams_and_displays_keep_their_order(self):
        code = "for (let i = 0; i < 20; i++) { console.log(`o${i}`); console.error(`e${i}`); display(i); }"
        _, messages = self.run_cell(code)
        seen = []
        for message in messages:
            content = message["content"]
            if message["msg_type"] == "stream":
                seen += content["text"].split()
            if message["msg_type"] == "display_data":
                seen.append(content["data"]["text/plain"])
        self.assertEqual(seen, [w for i in range(20) for w in (f"o{i}", f"e{i}", str(i))])

    def test_late_output_belongs_to_its_own_cell(self):
        first = self.kc.execute("setTimeout(() => console.log('late'), 300)")
        self.reply_to(first)
        self.run_cell("1")
        while True:
            message = self.kc.get_iopub_msg(timeout=TIMEOUT)
            if message["msg_type"] == "stream":
                break
        self.assertEqual(message["parent_header"]["msg_id"], first)

    def test_runtime_that_exits_fails_its_cell_and_numbering_goes_on(self):
        reply, messages = self.run_cell("process.exit(7)")
        self.assertEqual(reply["content"]["status"], "error")
        self.assertIn("7", reply["content"]["evalue"])
        self.assertIn("error", types(messages))
        after, _ = self.run_cell("1 + 1")
        self.assertEqual(after["content"]["status"], "ok")
        self.assertEqual(after["content"]["execution_count"], reply["content"]["execution_count"] + 1)

    def test_input_is_asked_for_and_its_answer_is_used(self):
        msg_id = self.kc.execute("const name = await input('Who? '); console.log(`hello ${name}`)", allow_stdin=True)
        question = self.kc.get_stdin_msg(timeout=TIMEOUT)
        self.assertEqual(question["content"], {"prompt": "Who? ", "password": False})
        self.assertEqual(question["parent_header"]["msg_id"], msg_id)
        self.kc.input("Ada")
        self.assertEqual(self.reply_to(msg_id)["content"]["status"], "ok")
        self.assertEqual(text_of(self.until_idle(msg_id)), "hello Ada\n")

    def test_input_is_refused_where_the_front_end_does_not_allow_it(self):
        reply, _ = self.run_cell("await input('Who? ')", allow_stdin=False)
        self.assertEqual(reply["content"]["status"], "error")

    def test_answer_that_is_not_text_is_not_user_input(self):
        msg_id = self.kc.execute("console.log(await password('Secret? '))", allow_stdin=True)
        question = self.kc.get_stdin_msg(timeout=TIMEOUT)
        self.assertTrue(question["content"]["password"])
        stray = self.kc.session.msg("input_reply", {"value": {"type": "colab_reply"}})
        self.kc.stdin_channel.send(stray)
        self.kc.input("typed")
        self.reply_to(msg_id)
        self.assertEqual(text_of(self.until_idle(msg_id)), "typed\n")

    def test_interrupt_ends_a_cell_that_waits_for_input(self):
        for ask in ["await input('Who? ')", "prompt('Who? ')"]:
            with self.subTest(ask=ask):
                msg_id = self.kc.execute(ask, allow_stdin=True)
                self.kc.get_stdin_msg(timeout=TIMEOUT)
                self.km.interrupt_kernel()
                self.assertEqual(self.reply_to(msg_id, 10)["content"]["status"], "error")
                self.until_idle(msg_id)
        self.assertEqual(self.run_cell("1")[0]["content"]["status"], "ok")

    def test_completion_counts_code_points(self):
        code = "const s = '😀'; s.toUpp"
        msg_id = self.kc.complete(code)
        content = self.reply_to(msg_id)["content"]
        self.assertIn("toUpperCase", content["matches"])
        self.assertEqual((content["cursor_start"], content["cursor_end"]), (len(code) - 5, len(code)))

    def test_comm_to_an_unknown_target_is_closed(self):
        message = self.kc.session.msg("comm_open", {"comm_id": "stray", "target_name": "nobody", "data": {}})
        self.kc.shell_channel.send(message)
        while True:
            found = self.kc.get_iopub_msg(timeout=TIMEOUT)
            if found["msg_type"] == "comm_close":
                break
        self.assertEqual(found["content"]["comm_id"], "stray")
        msg_id = self.kc.comm_info()
        self.assertEqual(self.reply_to(msg_id)["content"]["comms"], {})

    def test_control_requests_have_busy_and_idle_with_their_own_parent(self):
        message = self.kc.session.msg("kernel_info_request", {})
        self.kc.control_channel.send(message)
        self.kc.get_control_msg(timeout=TIMEOUT)
        messages = self.until_idle(message["header"]["msg_id"])
        self.assertEqual([m["content"]["execution_state"] for m in messages], ["busy", "idle"])

    def test_debug_request_is_answered(self):
        content = {"type": "request", "seq": 3, "command": "debugInfo", "arguments": {}}
        reply = self.control("debug_request", content)
        self.assertEqual(reply["msg_type"], "debug_reply")
        self.assertFalse(reply["content"]["success"])

    def test_junk_does_no_harm(self):
        for channel in [self.kc.shell_channel, self.kc.control_channel, self.kc.stdin_channel]:
            channel.socket.send_multipart([b"<IDS|MSG>", b"bad", b"{", b"{", b"{", b"{"])
            channel.socket.send_multipart([b"nothing"])
            channel.send(self.kc.session.msg("unheard_of_request", {}))
        key, self.kc.session.key = self.kc.session.key, b"another key"
        forged = self.kc.execute("globalThis.forged = true")
        self.kc.session.key = key
        _, messages = self.run_cell("'forged' in globalThis")
        self.assertEqual(messages[2]["content"]["data"]["text/plain"], "false")
        self.assertNotEqual(forged, "")

    def test_200_queued_cells_answer_in_order(self):
        ids = [self.kc.execute(f"{i}") for i in range(200)]
        order = [self.kc.get_shell_msg(timeout=60)["parent_header"]["msg_id"] for _ in ids]
        self.assertEqual(order, ids)
        self.until_idle(ids[-1], 60)


class IpcTest(KernelCase):
    transport = "ipc"

    def test_cell_runs_over_ipc(self):
        self.assertEqual(self.km.transport, "ipc")
        reply, messages = self.run_cell("console.log('over ipc')")
        self.assertEqual(reply["content"]["status"], "ok")
        self.assertEqual(text_of(messages), "over ipc\n")


class LifeTest(unittest.TestCase):
    def start(self):
        km = KernelManager(kernel_name="colabcode")
        km.start_kernel()
        kc = km.blocking_client()
        kc.start_channels()
        kc.wait_for_ready(timeout=TIMEOUT)
        self.addCleanup(km.cleanup_resources)
        self.addCleanup(kc.stop_channels)
        return km, kc

    def spin(self, kc):
        msg_id = kc.execute("console.log('go'); while (true) {}")
        while True:
            message = kc.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == msg_id and message["msg_type"] == "stream":
                return

    def test_shutdown_takes_two_seconds_at_most_whatever_runs(self):
        km, kc = self.start()
        self.spin(kc)
        started = time.monotonic()
        kc.control_channel.send(kc.session.msg("shutdown_request", {"restart": False}))
        reply = kc.get_control_msg(timeout=TIMEOUT)
        self.assertEqual(reply["content"], {"status": "ok", "restart": False})
        while km.is_alive():
            self.assertLess(time.monotonic() - started, 4)
            time.sleep(0.02)

    def test_restart_gives_a_fresh_kernel(self):
        km, kc = self.start()
        kc.execute_interactive("const before = 1", timeout=TIMEOUT)
        km.restart_kernel(now=False)
        kc.wait_for_ready(timeout=TIMEOUT)
        reply = kc.execute("before", reply=True, timeout=TIMEOUT)
        self.assertEqual(reply["content"]["status"], "error")
        self.assertEqual(reply["content"]["execution_count"], 1)
        km.shutdown_kernel()

    def test_history_is_shared_by_kernels_and_outlives_them(self):
        kernels = [self.start() for _ in range(2)]
        for number, (_, kc) in enumerate(kernels):
            kc.execute(f"'shared {number}'", reply=True, timeout=TIMEOUT)
        for km, _ in kernels:
            km.shutdown_kernel()
        km, kc = self.start()
        reply = kc.history(hist_access_type="search", pattern="'shared*", raw=True, output=True, reply=True, timeout=TIMEOUT)
        found = sorted((entry[2][0], entry[2][1]) for entry in reply["content"]["history"])
        self.assertEqual(found, [("'shared 0'", "'shared 0'"), ("'shared 1'", "'shared 1'")])
        self.assertEqual(len({entry[0] for entry in reply["content"]["history"]}), 2)
        km.shutdown_kernel()


if __name__ == "__main__":
    unittest.main()
