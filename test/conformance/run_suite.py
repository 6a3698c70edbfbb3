"""Runs the test modules named on the command line; one JSON line for each test on stdout."""
import json
import os
import sys
import unittest


class LineResult(unittest.TestResult):
    """Writes each result as it comes. Subtests that fail count under their own name."""

    def __init__(self, stream):
        super().__init__()
        self.stream = stream
        self.failed = set()

    def say(self, test, status, detail=""):
        line = {"name": str(test), "status": status, "detail": detail}
        print(json.dumps(line), file=self.stream, flush=True)

    def addSuccess(self, test):
        if test not in self.failed:
            self.say(test, "passed")

    def addFailure(self, test, err):
        self.say(test, "failed", self._exc_info_to_string(err, test))

    addError = addFailure

    def addSkip(self, test, reason):
        self.failed.add(test)
        self.say(test, "skipped", reason)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.failed.add(test)
            self.say(subtest, "failed", self._exc_info_to_string(err, test))


if __name__ == "__main__":
    # What a kernel or a library prints must not mix with the results.
    results = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    suite = unittest.defaultTestLoader.loadTestsFromNames(sys.argv[1:])
    suite.run(LineResult(results))
