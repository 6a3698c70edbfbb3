import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheFolder } from "../../../magics/install/cache.ts";

const rows: [string, Record<string, string>, NodeJS.Platform, string][] = [
  ["COLABCODE_CACHE first", { COLABCODE_CACHE: "/c", XDG_CACHE_HOME: "/x" }, "linux", "/c"],
  ["an empty COLABCODE_CACHE as none", { COLABCODE_CACHE: "" }, "linux", "/h/.cache/colabcode"],
  ["XDG_CACHE_HOME on Linux", { XDG_CACHE_HOME: "/x" }, "linux", "/x/colabcode"],
  ["no relative XDG_CACHE_HOME", { XDG_CACHE_HOME: "x" }, "linux", "/h/.cache/colabcode"],
  ["~/.cache on Linux", {}, "linux", "/h/.cache/colabcode"],
  ["~/Library/Caches on macOS", { XDG_CACHE_HOME: "/x" }, "darwin", "/h/Library/Caches/colabcode"],
  ["LOCALAPPDATA on Windows", { LOCALAPPDATA: "/l" }, "win32", "/l/colabcode"],
  ["the home folder on Windows", {}, "win32", "/h/AppData/Local/colabcode"],
];

for (const [name, environment, platform, expected] of rows) {
  test(`cacheFolder() takes ${name}`, () => {
    assert.equal(cacheFolder(environment, platform, "/h"), expected);
  });
}
