import { definePythonSuite } from "../support/define-python-suite.ts";
import { pinnedPython } from "../support/test-environment.ts";

await definePythonSuite("pins_suite", 6, pinnedPython);
