import { definePythonSuite } from "../support/define-python-suite.ts";

await definePythonSuite("protocol_suite", 34);
