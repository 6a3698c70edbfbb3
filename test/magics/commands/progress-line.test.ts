import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Host, MimeBundle } from "../../../kernel/extension.ts";
import { progressLine } from "../../../magics/commands/progress-line.ts";

/** A host whose display keeps what is shown. */
function recordingHost(): { host: Host; shown: MimeBundle[] } {
  const shown: MimeBundle[] = [];
  const display = {
    show: (data: MimeBundle) => {
      shown.push(data);
      return { id: "1", update: (next: MimeBundle) => shown.push(next) };
    },
  };
  return { host: { display } as unknown as Host, shown }; // progressLine uses nothing else.
}

test("progressLine() says what, how far, how fast and how long still", () => {
  mock.timers.enable({ apis: ["Date"], now: 0 });
  try {
    const { host, shown } = recordingHost();
    const line = progressLine(host, "reading a.csv");
    const after = (milliseconds: number) => mock.timers.setTime(milliseconds);
    after(50);
    line.report("fetching a.csv, 1.0 MB"); // Too soon to be shown.
    after(200);
    line.report("fetching a.csv, 2.0 MB", 0.1, "10 MB/s");
    after(2050);
    line.report("fetching a.csv, 5.0 MB", 0.25, "2.5 MB/s");
    after(3000);
    line.report("growing 10 trees", 0.5);
    line.done("trained <b>");
    assert.deepEqual(
      shown.map((data) => data["text/plain"]),
      [
        "reading a.csv",
        "fetching a.csv, 2.0 MB, 10 %, 10 MB/s",
        "fetching a.csv, 5.0 MB, 25 %, 2.5 MB/s, 6 s left",
        "growing 10 trees, 50 %",
        "trained <b>",
      ],
    );
    assert.match(
      String(shown[2]?.["text/html"]),
      /<progress max="1" value="0\.250" aria-label="fetching/,
    );
    assert.equal(shown[4]?.["text/html"], "<p>trained &#60;b&#62;</p>");
  } finally {
    mock.timers.reset();
  }
});

test("progressLine() says where it stopped", () => {
  const { host, shown } = recordingHost();
  const line = progressLine(host, "reading a.csv");
  line.report("growing the tree", 0.5);
  line.fail();
  assert.equal(shown.at(-1)?.["text/plain"], "stopped while growing the tree");
});
