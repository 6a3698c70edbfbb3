import assert from "node:assert/strict";
import { test } from "node:test";
import { sessionCard } from "../../../magics/sessions/card.ts";
import { orphanedView, savedView } from "../../../magics/sessions/parting-view.ts";
import type { SessionView } from "../../../magics/sessions/session-view.ts";

const view: SessionView = {
  name: "app-8000",
  kind: "app",
  state: "live",
  startedAt: new Date(2026, 0, 1, 14, 1),
  liveAt: new Date(2026, 0, 1, 14, 2),
  endedAt: undefined,
  endReason: undefined,
  summary: "model app · genre_top from 8 features",
  pid: 12,
  port: 8000,
  localUrl: "http://127.0.0.1:8000",
  publicUrl: "https://abc.example",
  networkUrl: undefined,
  tunnel: "ngrok",
  pagePath: undefined,
  pageHtml: undefined,
  links: [
    { label: "page", path: "/" },
    { label: "docs", path: "/docs" },
  ],
  secret: undefined,
  trouble: undefined,
  notes: [],
  progress: undefined,
  endsWith: "cell [3], or `%colabcode stop app-8000`",
  stats: undefined,
  recent: [],
  log: [],
};

test("sessionCard() says in text what runs, where, and how to end it", () => {
  assert.equal(
    sessionCard(view)["text/plain"],
    [
      "● app-8000 · live since 14:02",
      "  https://abc.example/   public link",
      "  http://127.0.0.1:8000/   local link",
      "  serves    model app · genre_top from 8 features",
      "  tunnel    ngrok",
      "  ends with cell [3], or `%colabcode stop app-8000`",
    ].join("\n"),
  );
});

test("sessionCard() takes one line of text while it starts", () => {
  const starting: SessionView = {
    ...view,
    state: "starting",
    progress: { text: "opening a public link with ngrok", share: undefined },
  };
  assert.equal(
    sessionCard(starting)["text/plain"],
    "◌ app-8000 · opening a public link with ngrok",
  );
});

test("sessionCard() of an ended session has no link and says why it ended", () => {
  const ended: SessionView = {
    ...view,
    state: "ended",
    endedAt: new Date(2026, 0, 1, 15, 7),
    endReason: "its cell was deleted",
  };
  const card = sessionCard(ended);
  assert.equal(
    card["text/plain"],
    "○ app-8000 · ended at 15:07: its cell was deleted\n  serves    model app · genre_top from 8 features",
  );
  assert.doesNotMatch(String(card["text/html"]), /href=/);
});

test("sessionCard() that stays as it is says of when it is", () => {
  const { "text/plain": text, "text/html": html } = sessionCard(view, {
    asOf: new Date(2026, 0, 1, 14, 5),
  });
  assert.match(String(text), /^● app-8000 · live since 14:02, as of 14:05\n/);
  assert.match(String(html), />live since 14:02, as of 14:05</);
});

test("savedView() and orphanedView() have no link and no secret, and do not say that it lives", () => {
  const secret = { label: "password", value: "made-here-123" };
  const running = { ...view, secret, notes: ["a note"] };
  assert.equal(
    sessionCard(savedView(running, new Date(2026, 0, 1, 14, 5)))["text/plain"],
    "○ app-8000 · ended: its kernel is gone; last seen live at 14:05\n  serves    model app · genre_top from 8 features",
  );
  assert.equal(
    sessionCard(orphanedView(running))["text/plain"],
    "○ app-8000 · ended: the notebook's runtime died, and took it along\n  serves    model app · genre_top from 8 features",
  );
});

test("sessionCard() escapes what others chose, in text and in attributes", () => {
  const html = String(
    sessionCard({ ...view, summary: `<img src=x onerror="a()">`, name: `"><b>` })["text/html"],
  );
  assert.doesNotMatch(html, /<img/);
  assert.match(html, /aria-label="session &#34;&#62;&#60;b&#62;"/);
});

test("sessionCard() shows a secret only where one was made", () => {
  const secret = { label: "password", value: "made-here-123" };
  assert.match(String(sessionCard({ ...view, secret })["text/plain"]), /password {2}made-here-123/);
});

const recent = Array.from({ length: 20 }, (_, index) => ({
  at: 1_767_276_000_000 + index,
  method: "GET",
  path: `/${"long".repeat(100)}`,
  status: 200,
  durationMs: 12.345,
}));

test("sessionCard() folds the last requests, the newest first, and cuts what is long", () => {
  const newest = { at: 0, method: "POST", path: "/predict", status: 422, durationMs: 1234.5 };
  const html = String(sessionCard({ ...view, recent: [...recent.slice(1), newest] })["text/html"]);
  assert.match(
    html,
    /<summary>last requests<\/summary>.*?<td>POST<\/td><td>\/predict<\/td><td>422<\/td><td>1\.23 s<\/td>/,
  );
  assert.match(html, /(?:long){39}lo…</);
});

test("sessionCard() of the fullest session stays below 20 kB", async () => {
  const { qrCode } = await import("../../../magics/sessions/qr-code.ts");
  const log = Array.from({ length: 300 }, () => "a line of a log ".repeat(50));
  const url = `https://${"a-long-name-".repeat(5)}.ngrok-free.example`;
  const card = sessionCard(
    { ...view, publicUrl: url, log, recent, stats: { requests: 1_234_567, errors: 2 } },
    { qrCode: qrCode(url), cardId: "abc" },
  );
  assert.match(String(card["text/plain"]), /requests {2}1,234,567, 2 errors/);
  assert.ok(JSON.stringify(card).length < 20_000, `${JSON.stringify(card).length}`);
});

test("sessionCard() links under the notebook server's path where the link has no host", () => {
  const card = sessionCard({
    ...view,
    tunnel: "jupyter",
    publicUrl: "http://127.0.0.1:8888/user/ann/proxy/8000",
    pagePath: "/user/ann/proxy/8000/",
  });
  assert.match(String(card["text/html"]), /href="\/user\/ann\/proxy\/8000\/docs"/);
  assert.doesNotMatch(String(card["text/html"]), /8888/);
});
