// Its suite. Run it with: pytest-runway run --time speed=60 -- npm test
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Rejected, makeClip } from "./clip.js";

const runway = async (path, body) => {
  const answer = await fetch(`${process.env.RUNWAY_FAKE_URL}/__runway/${path}`, {
    method: body ? "POST" : "GET",
    headers: { "X-Runway-Token": process.env.RUNWAY_FAKE_TOKEN },
    body: body && JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
};

beforeEach(() => runway("reset", {}));

test("a clip survives a rate limit", async () => {
  await runway("faults", { operation: "image_to_video", reply: { status: 429, times: 2 } });
  const url = await makeClip("https://example.com/portrait.jpg", "a slow dolly-in");
  assert.equal((await fetch(url, { method: "HEAD" })).status < 500, true);
  assert.equal((await runway("account")).credits.charged, 25);
});

test("moderation is not retried", async () => {
  await runway("timelines", { steps: [{ fails: "SAFETY.INPUT.TEXT" }] });
  await assert.rejects(makeClip("https://example.com/portrait.jpg", "something rude"), Rejected);
  assert.equal((await runway("tasks")).tasks.length, 1);
});
