// The `Link` header: the sign-in page's program is announced where people arrive, and nothing is announced anywhere else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { ROOT, start } from "../harness/edge.mjs";
import { hardened } from "../harness/judge.mjs";
import { token } from "../harness/tokens.mjs";

const DIST = process.env.PORTAL_DIST ?? join(ROOT, "support-spa/dist");
const TICKET = "/tickets/tk_0123456789abcdefghjkmnpqrs";

describe("what is announced before a page is read", () => {
  const release = JSON.parse(readFileSync(join(DIST, "release.json"), "utf8"));
  let edge;
  before(async () => {
    edge = await start({ site: DIST });
  });
  after(() => edge.stop());

  const asked = async (path, init) => {
    const response = await edge.fetch(path, init);
    await response.arrayBuffer();
    hardened(response);
    return response;
  };
  const [module] = release.preload;
  const announced = `<${module}>; rel=preload; as=fetch; type="application/wasm"; crossorigin=anonymous`;

  test("the build names one module: that of the sign-in page, as the page itself does", async () => {
    assert.equal(release.preload.length, 1);
    assert.match(module, /^\/assets\/sign-in-[0-9a-f]{12}\.wasm$/);
    assert.ok(readFileSync(join(DIST, "index.html"), "utf8").includes(module));
    const response = await asked(module);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/wasm");
  });

  for (const page of ["/", "/sign-in", "/sign-in?next=%2Ftickets"]) {
    test(`${page} announces it, also without a body`, async () => {
      const get = await asked(page);
      assert.equal(get.headers.get("link"), announced);
      const head = await asked(page, { method: "HEAD" });
      assert.equal(head.headers.get("link"), announced);
      // A stored answer takes over the headers of the 304 that confirms it.
      const again = await asked(page, { headers: { "if-none-match": get.headers.get("etag") } });
      assert.equal(again.status, 304);
      assert.equal(again.headers.get("link"), announced);
    });
  }

  for (const path of [
    ...["/tickets", "/tickets/new", TICKET, "/settings", "/my-data"],
    ...["/nowhere", "/sign-in/", "/robots.txt", "/favicon.svg", "/offline-worker.js", "/release.json", module, "/assets/nothing.wasm"],
    ...["/api/v1/support/tickets", "/api/v1/nowhere", "/reports/csp"],
  ]) {
    test(`${path} announces nothing`, async () => {
      const response = await asked(path, { headers: { authorization: `Bearer ${token(edge.key)}` } });
      assert.equal(response.headers.get("link"), null);
    });
  }

  test("a page that does not come announces nothing", async () => {
    const sound = edge.pages.answer;
    edge.pages.answer = (_, response) => response.destroy();
    const response = await asked("/sign-in", { headers: { accept: "text/html" } });
    edge.pages.answer = sound;
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("link"), null);
  });
});
