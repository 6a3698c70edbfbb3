import { definePythonSuite } from "../support/define-python-suite.ts";

await definePythonSuite("programs_suite", 4);
