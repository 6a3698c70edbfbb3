import { delimiter, join } from "node:path";
import { cacheFolder } from "../../magics/install/cache.ts";

/** The programs of the Python environment that the set-up makes for the tests. */
export const testEnvironmentBin = join(cacheFolder(), "test-env", "bin");

/** Python with the versions of the Jupyter programs that Colab runs. */
export const pinnedPython = join(cacheFolder(), "test-colab-env", "bin", "python");

/** Puts the Python test environment first on this process's PATH. */
export function useTestEnvironment(): void {
  process.env["PATH"] = [testEnvironmentBin, process.env["PATH"] ?? ""].join(delimiter);
}
