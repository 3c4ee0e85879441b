// The static site.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import { brotliDecompressSync } from "node:zlib";

import { SITE, start } from "../harness/edge.mjs";
import { hardened } from "../harness/judge.mjs";
import { rawGet } from "../harness/raw.mjs";

const WASM = "/assets/app.0123456789abcdef.wasm";
const file = (path) => readFileSync(`${SITE}${path}`);

describe("the static site", () => {
  let edge;
  let sound;
  before(async () => {
    edge = await start();
    sound = edge.pages.answer;
  });
  beforeEach(() => {
    edge.pages.answer = sound;
    edge.forget();
  });
  after(() => edge.stop());

  const TICKET = "/tickets/tk_0123456789abcdefghjkmnpqrs";
  for (const page of ["/", "/sign-in", "/tickets", "/tickets/new", TICKET, "/settings", "/my-data", "/?utm=1"]) {
    test(`${page} is the shell`, async () => {
      const response = await edge.fetch(page, { headers: { "accept-encoding": "identity" } });
      hardened(response);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
      assert.equal(response.headers.get("cache-control"), "no-cache");
      assert.match(response.headers.get("content-security-policy"), /require-trusted-types-for 'script'/);
      assert.equal(await response.text(), file("/index.html").toString());
      assert.equal(edge.pages.received.at(-1).url, "/", "the query stays here");
    });
  }

  test("the shell's headers are those of the policy", async () => {
    const response = await edge.fetch("/");
    assert.match(response.headers.get("reporting-endpoints"), /csp="\/reports\/csp"/);
    assert.match(response.headers.get("integrity-policy"), /blocked-destinations=\(script\)/);
    assert.match(response.headers.get("vary"), /accept-encoding/);
    await response.text();
  });

  test("brotli bodies arrive as they lie at the origin", async () => {
    for (const [path, twin] of [["/", "/index.html.br"], [WASM, `${WASM}.br`]]) {
      const answer = await rawGet(edge.url, path, ["accept-encoding: gzip, br"]);
      assert.equal(answer.headers["content-encoding"], "br", path);
      const body = unchunked(answer);
      assert.deepEqual(body, file(twin), path);
      assert.deepEqual(brotliDecompressSync(body), file(twin.replace(".br", "")), path);
      assert.equal(edge.pages.received.at(-1).url, twin);
    }
  });

  test("without brotli the file itself is sent", async () => {
    const answer = await rawGet(edge.url, WASM, ["accept-encoding: gzip;q=0.5, br;q=0"]);
    assert.equal(answer.headers["content-encoding"], undefined);
    assert.deepEqual(unchunked(answer), file(WASM));
  });

  test("a file whose twin is missing is sent as it is", async () => {
    await edge.restart();
    edge.pages.answer = (request, response) => {
      if (request.url.endsWith(".br")) {
        response.writeHead(404);
        response.end();
      } else sound(request, response);
    };
    const answer = await rawGet(edge.url, WASM, ["accept-encoding: br"]);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-encoding"], undefined);
    assert.deepEqual(unchunked(answer), file(WASM));
  });

  test("hashed assets are immutable, others are not", async () => {
    const asset = await edge.fetch(WASM);
    await asset.arrayBuffer();
    hardened(asset);
    assert.equal(asset.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.equal(asset.headers.get("content-type"), "application/wasm");
    const robots = await edge.fetch("/robots.txt");
    assert.equal(robots.headers.get("cache-control"), "no-cache");
    assert.equal(await robots.text(), "User-agent: *\n");
    const release = await edge.fetch("/release.json");
    hardened(release);
    assert.equal(release.headers.get("cache-control"), "no-store");
    assert.deepEqual(await release.json(), JSON.parse(file("/release.json")));
  });

  test("a tag saves the body: 304 with every header", async () => {
    for (const path of ["/", WASM, "/robots.txt"]) {
      const first = await edge.fetch(path);
      await first.arrayBuffer();
      const etag = first.headers.get("etag");
      assert.ok(etag, path);
      const second = await edge.fetch(path, { headers: { "if-none-match": etag } });
      assert.equal(second.status, 304, path);
      assert.equal((await second.arrayBuffer()).byteLength, 0);
      hardened(second);
      assert.equal(second.headers.get("etag"), etag);
      assert.equal(second.headers.get("cache-control"), first.headers.get("cache-control"));
      assert.equal(second.headers.get("content-security-policy"), first.headers.get("content-security-policy"));
    }
  });

  test("HEAD is GET without the body", async () => {
    for (const path of ["/", WASM]) {
      const get = await edge.fetch(path);
      await get.arrayBuffer();
      const head = await edge.fetch(path, { method: "HEAD" });
      assert.equal(head.status, 200);
      hardened(head);
      assert.equal((await head.arrayBuffer()).byteLength, 0);
      for (const name of ["content-type", "etag", "cache-control", "content-security-policy", "vary", "link"]) {
        assert.equal(head.headers.get(name), get.headers.get(name), name);
      }
    }
    const missing = await edge.fetch("/nowhere", { method: "HEAD" });
    assert.equal(missing.status, 404);
    hardened(missing);
  });

  test("ranges are not served: the whole file is, and says so", async () => {
    for (const path of [WASM, "/robots.txt"]) {
      const response = await edge.fetch(path, { headers: { range: "bytes=0-3" } });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("accept-ranges"), "none");
      assert.equal((await response.arrayBuffer()).byteLength, file(path).length);
    }
    assert.equal(edge.pages.received.at(-1).headers.range, undefined);
  });

  describe("a hashed file is kept by the isolate", () => {
    beforeEach(() => edge.restart());
    const down = (_, response) => response.destroy();
    const BROTLI = ["accept-encoding: br"];

    test("and asked for once in each form", async () => {
      const sent = [];
      for (let count = 0; count < 3; count += 1) {
        for (const lines of [BROTLI, []]) {
          const answer = await rawGet(edge.url, WASM, lines);
          hardened(answer);
          const { "x-request-id": id, "server-timing": _, ...headers } = answer.headers;
          sent.push({ id, answer: JSON.stringify({ ...answer, body: unchunked(answer).toString("hex"), headers: withoutFraming(headers) }) });
        }
      }
      assert.deepEqual(edge.pages.received.map(({ url }) => url), [`${WASM}.br`, WASM]);
      assert.equal(new Set(sent.map(({ id }) => id)).size, 6, "each answer has an id of its own");
      assert.equal(new Set(sent.map(({ answer }) => answer)).size, 2, "and nothing else differs from the first");
    });

    test("so it is there while the origin is not, with HEAD and tags", async () => {
      const first = await rawGet(edge.url, WASM, BROTLI);
      edge.pages.answer = down;
      const again = await rawGet(edge.url, WASM, BROTLI);
      assert.deepEqual(unchunked(again), file(`${WASM}.br`));
      const known = await rawGet(edge.url, WASM, [...BROTLI, `if-none-match: ${first.headers.etag}`]);
      assert.equal(known.status, 304);
      hardened(known);
      assert.equal(known.headers.etag, first.headers.etag);
      const head = await edge.fetch(WASM, { method: "HEAD", headers: { "accept-encoding": "br" } });
      assert.equal(head.status, 200);
      assert.equal(head.headers.get("etag"), first.headers.etag);
      const other = await edge.fetch("/robots.txt");
      assert.equal(other.status, 503, "what may change is not kept");
      await other.text();
    });

    test("but not one that broke off, nor an error, nor the shell in its place", async () => {
      const faults = [
        (_, response) => {
          response.writeHead(200, { "content-type": "application/wasm", "content-length": "1000" });
          response.write("half");
          setImmediate(() => response.destroy());
        },
        (_, response) => response.writeHead(500).end("<h1>oops</h1>"),
        (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>shell"),
        (_, response) => response.writeHead(404).end(),
      ];
      for (const fault of faults) {
        edge.pages.answer = fault;
        const refused = await rawGet(edge.url, WASM, BROTLI);
        assert.ok(refused.status >= 400, String(refused.status));
        hardened(refused);
      }
      edge.pages.answer = sound;
      assert.deepEqual(unchunked(await rawGet(edge.url, WASM, BROTLI)), file(`${WASM}.br`));
    });
  });

  test("what is not there is 404 and never the shell", async () => {
    for (const path of ["/assets/gone.js", "/assets/gone.wasm", "/favicon.ico", "/nowhere", "/tickets/3", "/sign-in/", "/wp-login.php"]) {
      const response = await edge.fetch(path);
      assert.equal(response.status, 404, path);
      hardened(response);
      assert.match(response.headers.get("content-type"), /problem\+json/);
      assert.doesNotMatch(await response.text(), /fixture/);
    }
  });

  test("somebody who navigates to nothing gets a small page", async () => {
    const response = await edge.fetch("/nowhere", { headers: { accept: "text/html,*/*" } });
    assert.equal(response.status, 404);
    hardened(response);
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    assert.match(await response.text(), /<a href="\/">/);
  });

  const TRICKS = [
    "//evil.example/",
    "//evil.example/assets/app.js",
    "/\\evil.example",
    "/assets/..%2f..%2f_headers",
    "/assets/%2e%2e/_headers",
    "/assets%2fapp.0123456789abcdef.js",
    "/assets/app.0123456789abcdef.js%00",
    "/assets/app.0123456789abcdef.js/",
    "/assets//app.0123456789abcdef.js",
    "/./assets\\app.0123456789abcdef.js%5c",
    "/_headers",
    "/_redirects",
    "/_worker.js",
    "/.env",
    "/.git/config",
    "/.well-known/jwks.json",
    "/index.html",
    "/index.html.br",
    `${WASM}.br`,
    "/api",
    "/%61pi/v1/support/notices",
    "/API/v1/support/notices",
    "/api/v1/support/../support/webhooks/helpdesk",
    "/api/v1/support/%2e%2e/%2e%2e/healthz",
    "/api/v1//support/notices",
    "/healthz",
    "/readyz",
  ];
  for (const trick of TRICKS) {
    test(`no trick: ${trick}`, async () => {
      const answer = await rawGet(edge.url, trick);
      assert.equal(answer.status, 404, answer.body);
      hardened(answer);
      assert.deepEqual(edge.raptor.received, []);
      assert.deepEqual(edge.pages.received, []);
    });
  }

  test("other methods are refused and nobody hears of them", async () => {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const response = await edge.fetch("/", { method });
      assert.equal(response.status, 405, method);
      assert.equal(response.headers.get("allow"), "GET, HEAD");
      hardened(response);
      await response.text();
    }
    const trace = await rawGet(edge.url, "/", [], "TRACE");
    assert.ok(trace.status >= 400, String(trace.status));
    assert.deepEqual(edge.pages.received, []);
  });

  test("the origin learns nothing of the customer", async () => {
    await rawGet(edge.url, "/?email=a@example.com", [
      "authorization: Bearer abc",
      "cookie: a=b",
      "referer: https://elsewhere.example/",
      "x-forwarded-for: 203.0.113.7",
      "user-agent: test",
    ]);
    for (const { headers } of edge.pages.received) {
      const known = ["host", "accept-encoding", "if-none-match", "cf-worker", "connection", "content-length", "transfer-encoding"];
      assert.deepEqual(Object.keys(headers).filter((name) => !known.includes(name)), []);
    }
  });

  const faults = {
    "down": [(_, response) => response.destroy(), 503],
    "an error": [(_, response) => response.writeHead(500).end("<h1>oops</h1>"), 503],
    "a redirect elsewhere": [(_, response) => response.writeHead(302, { location: "https://evil.example/" }).end(), 502],
    "a 206 that nobody asked for": [(_, response) => response.writeHead(206).end("x"), 502],
    "a cookie and other headers": [
      (_, response) =>
        response.writeHead(200, { "content-type": "text/html", "set-cookie": "a=b", "x-secret": "1", location: "/x" }).end("<p>"),
      200,
    ],
    "a 304 that nobody asked for": [(_, response) => response.writeHead(304).end(), 502],
  };
  for (const [name, [answer, status]] of Object.entries(faults)) {
    test(`the Pages project gives ${name}`, async () => {
      edge.pages.answer = answer;
      const response = await edge.fetch("/", { headers: { accept: "text/html", "accept-encoding": "identity" } });
      assert.equal(response.status, status);
      hardened(response);
      assert.doesNotMatch(await response.text(), /oops/);
      edge.pages.answer = sound;
      const again = await edge.fetch("/");
      assert.equal(again.status, 200, "recovered");
      await again.text();
    });
  }
});

/** Headers without those that say how the bytes travel. */
const withoutFraming = ({ "transfer-encoding": _, "content-length": __, ...headers }) => headers;

/** The bytes of an answer, chunked or not. */
function unchunked({ headers, body }) {
  const bytes = Buffer.from(body, "latin1");
  if (headers["transfer-encoding"] !== "chunked") return bytes;
  const found = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf("\r\n", at);
    const length = Number.parseInt(bytes.subarray(at, end).toString(), 16);
    if (length === 0) return Buffer.concat(found);
    found.push(bytes.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
}
