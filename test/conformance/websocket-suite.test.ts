import { definePythonSuite } from "../support/define-python-suite.ts";

await definePythonSuite("websocket_suite", 6);
