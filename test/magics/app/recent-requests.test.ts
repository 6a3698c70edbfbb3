import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { test } from "node:test";
import { RecentRequests } from "../../../magics/app/recent-requests.ts";

function add(recent: RecentRequests, request: Partial<IncomingMessage> & { originalUrl?: string }) {
  recent.add(request as IncomingMessage, { statusCode: 200 } as ServerResponse, 1.5);
}

test("RecentRequests keeps the last 20, oldest first", () => {
  const recent = new RecentRequests();
  assert.deepEqual(recent.list(), []);
  const paths = Array.from({ length: 47 }, (_, index) => `/${index}`);
  paths.forEach((url, index) => {
    add(recent, { method: "GET", url });
    const kept = recent.list().map(({ path }) => path);
    assert.deepEqual(kept, paths.slice(Math.max(0, index - 19), index + 1));
  });
});

test("RecentRequests tells the path as it was asked, without the query", () => {
  const recent = new RecentRequests();
  add(recent, { method: "POST", url: "/predict?key=1", originalUrl: "/api/predict?key=1" });
  add(recent, { method: "GET", url: "/docs?a=b" });
  assert.deepEqual(
    recent.list().map(({ at, ...rest }) => rest),
    [
      { method: "POST", path: "/api/predict", status: 200, durationMs: 1.5 },
      { method: "GET", path: "/docs", status: 200, durationMs: 1.5 },
    ],
  );
});
