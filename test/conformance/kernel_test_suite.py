"""The public suite jupyter_kernel_test, with samples for every test that it has."""
import unittest

from jupyter_kernel_test import IopubWelcomeTests, KernelTests


class ColabCodeKernelTests(KernelTests):
    kernel_name = "colabcode"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('to stderr')"
    completion_samples = [
        {"text": "const unusual = 1; unus", "matches": {"unusual"}},
        {"text": "'x'.toUpperC", "matches": {"toUpperCase"}},
        {"text": "zzzzzz", "matches": set()},
    ]
    complete_code_samples = ["1 + 1", "console.log('x')", "function f() {\n  return 3;\n}", "class A {}"]
    incomplete_code_samples = ["function f() {", "console.log(", "const a = `text", "[1, 2,"]
    invalid_code_samples = ["const = 5", "import 7", "}"]
    code_page_something = "Math.max?"
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[1, 2].map((n) => n * 2)", "result": "[ 2, 4 ]"},
        {"code": "'a' + 'b'", "result": "'ab'"},
        {"code": "await Promise.resolve(40 + 2)", "result": "42"},
    ]
    code_display_data = [
        {"code": "display.html('<b>bold</b>')", "mime": "text/html"},
        {"code": "display.markdown('# title')", "mime": "text/markdown"},
        {"code": "display.json({ a: 1 })", "mime": "application/json"},
        {"code": "display(new Map([[1, 2]]))", "mime": "text/plain"},
    ]
    code_history_pattern = "1 ?*2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_clear_output = "display.clear()"


class ColabCodeWelcomeTests(IopubWelcomeTests):
    kernel_name = "colabcode"
    support_iopub_welcome = True


# The base classes test no kernel of ours.
del KernelTests, IopubWelcomeTests

if __name__ == "__main__":
    unittest.main()
