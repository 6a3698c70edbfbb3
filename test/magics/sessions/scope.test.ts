import assert from "node:assert/strict";
import { test } from "node:test";
import { Scope } from "../../../magics/sessions/scope.ts";

test("Scope ends what it holds in reverse, once", async () => {
  const ended: string[] = [];
  const scope = new Scope();
  scope.defer(() => ended.push("first"));
  scope.hold({ [Symbol.asyncDispose]: async () => void ended.push("second") });
  await Promise.all([scope[Symbol.asyncDispose](), scope[Symbol.asyncDispose]()]);
  assert.deepEqual(ended, ["second", "first"]);
});

test("Scope gives everything its chance to end before it rejects", async () => {
  let isEnded = false;
  const scope = new Scope();
  scope.defer(() => {
    isEnded = true;
  });
  scope.defer(() => {
    throw new Error("stuck");
  });
  await assert.rejects(scope[Symbol.asyncDispose](), /stuck/);
  assert.equal(isEnded, true);
});
