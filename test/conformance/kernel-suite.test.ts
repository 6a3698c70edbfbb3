import { definePythonSuite } from "../support/define-python-suite.ts";

await definePythonSuite("kernel_test_suite", 13);
