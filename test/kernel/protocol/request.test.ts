import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseRequest } from "../../../kernel/protocol/request.ts";

function parse(msg_type: string, content: object, metadata: object = {}) {
  return parseRequest({
    identities: [],
    header: { msg_id: "1", msg_type },
    parentHeader: {},
    metadata: { ...metadata },
    content: { ...content },
    buffers: [],
  });
}

describe("parseRequest()", () => {
  test("fills in what an execute_request leaves out", () => {
    assert.deepEqual(parse("execute_request", { code: "1" }), {
      type: "execute_request",
      code: "1",
      isSilent: false,
      isStored: true,
      userExpressions: {},
      isInputAllowed: true,
      isStoppedByErrors: true,
      cellId: undefined,
      deletedCells: [],
    });
  });

  test("takes the cell's id and the deleted cells from the metadata", () => {
    const metadata = { cellId: "a", deletedCells: ["b", 5, "c"] };
    const request = parse("execute_request", { code: "" }, metadata);
    assert.equal(request?.type === "execute_request" && request.cellId, "a");
    assert.deepEqual(request?.type === "execute_request" && request.deletedCells, ["b", "c"]);
  });

  test("a silent request is not stored, whatever store_history says", () => {
    const request = parse("execute_request", { code: "", silent: true, store_history: true });
    assert.equal(request?.type === "execute_request" && request.isStored, false);
  });

  test("a cursor that is left out is the end", () => {
    assert.deepEqual(parse("complete_request", { code: "ab" }), {
      type: "complete_request",
      code: "ab",
      cursor: Number.POSITIVE_INFINITY,
    });
  });

  for (const [type, content, message] of [
    ["execute_request", {}, /execute_request: code is missing, not text/],
    ["execute_request", { code: 5 }, /code is 5, not text/],
    ["execute_request", { code: "", silent: "yes" }, /silent is "yes", not true or false/],
    ["complete_request", { code: "", cursor_pos: 1.5 }, /cursor_pos is 1.5, not a whole number/],
    ["history_request", { hist_access_type: "all" }, /hist_access_type is "all"/],
    ["comm_open", { comm_id: "c" }, /target_name is missing/],
  ] as const) {
    test(`names the wrong field of ${type} ${JSON.stringify(content)}`, () => {
      assert.throws(() => parse(type, content), { code: "bad-request", message });
    });
  }

  test("an unknown type is undefined", () => {
    assert.equal(parse("make_coffee_request", {}), undefined);
  });
});
