// Rates, panics, missing configuration, and reports of browsers.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { SERVICE_TOKEN, logLines, start } from "../harness/edge.mjs";
import { hardened, problem } from "../harness/judge.mjs";
import { soundRaptor } from "../harness/origins.mjs";
import { claims, token } from "../harness/tokens.mjs";

const LIST = "/api/v1/support/tickets";
const NOTICES = "/api/v1/support/notices";
const OTHER = "cu_7zzzzzzzzzzzzzzzzzzzzzzzzz";

describe("rates", () => {
  let edge;
  before(async () => {
    edge = await start({ limits: { LIMIT_ADDRESS: 30, LIMIT_READ: 10, LIMIT_SIGN_IN: 3, LIMIT_REPORTS: 3 } });
  });
  beforeEach(async () => {
    await edge.restart();
    edge.forget();
  });
  after(() => edge.stop());

  const from = (address) => ({ "cf-connecting-ip": address });
  const limited = async (response) => {
    assert.equal(response.headers.get("retry-after"), "60");
    await problem(response, 429, "rate_limited");
  };
  const served = async (response) => {
    assert.equal(response.status, 200, await response.text());
  };

  test("one customer has one count, from wherever they come", async () => {
    const session = token(edge.key);
    for (let count = 0; count < 10; count += 1) await served(await edge.as(session, LIST, { headers: from(`203.0.113.${count}`) }));
    await limited(await edge.as(session, LIST, { headers: from("203.0.113.99") }));
    await limited(await edge.as(token(edge.key), LIST, { headers: from("203.0.113.99") }));
    assert.equal(edge.raptor.received.length, 10, "the refused ones did not reach Raptor");
    await served(await edge.as(token(edge.key, { claims: { sub: OTHER } }), LIST, { headers: from("203.0.113.99") }));
  });

  test("one address has one count, whoever asks, before any token is looked at closely", async () => {
    const forged = () => token({ ...edge.key, kid: "nobody" });
    for (let count = 0; count < 30; count += 1) {
      assert.equal((await edge.as(forged(), LIST, { headers: from("198.51.100.1") })).status, 401);
    }
    await limited(await edge.as(forged(), LIST, { headers: from("198.51.100.1") }));
    await limited(await edge.as(token(edge.key), LIST, { headers: from("198.51.100.1") }));
    await served(await edge.as(token(edge.key), LIST, { headers: from("198.51.100.2") }));
  });

  test("an IPv6 subscriber has one count for the whole network", async () => {
    for (let count = 0; count < 3; count += 1) {
      const response = await edge.fetch("/api/v1/auth/passkey/options", { method: "POST", headers: from(`2001:db8:1:1::${count}`) });
      assert.equal(response.status, 404, "Raptor's answer");
      await response.text();
    }
    await limited(await edge.fetch("/api/v1/auth/passkey/options", { method: "POST", headers: from("2001:db8:1:1:ffff::1") }));
  });

  test("the static site is not counted", async () => {
    for (let count = 0; count < 50; count += 1) await served(await edge.fetch("/robots.txt", { headers: from("198.51.100.3") }));
  });
});

describe("a panic", () => {
  let edge;
  before(async () => {
    edge = await start({ vars: { FAULT_INJECTION: "1" } });
  });
  after(() => edge.stop());

  test("is a hardened answer, and the next request works", async () => {
    const session = token(edge.key);
    for (let round = 0; round < 3; round += 1) {
      const ok = await edge.as(session, LIST);
      assert.equal(ok.status, 200, await ok.text());
      const response = await edge.as(session, LIST, { headers: { "x-raxx-test-fault": "panic" } });
      const text = await response.text();
      assert.equal(response.status, 500, text);
      hardened(response, { panicked: true });
      assert.equal(response.headers.get("content-type"), "application/problem+json");
      const { reference, code } = JSON.parse(text);
      assert.equal(code, "internal");
      await logLines(edge, (lines) => lines.some((line) => line.outcome === "panicked" && line.reference === reference));
    }
    await logLines(edge, (lines) => lines.some((line) => line.outcome === "panic" && /workerd\.rs/.test(line.place)));
  });

  test("leaves no request of the same instance without an answer", async () => {
    const session = token(edge.key);
    edge.raptor.answer = (request, response) => setTimeout(() => soundRaptor(request, response), 300);
    const waiting = Array.from({ length: 5 }, () => edge.as(session, LIST));
    await new Promise((resolve) => {
      const poll = setInterval(() => edge.raptor.received.length >= 5 && (clearInterval(poll), resolve()), 5);
    });
    const panicked = await edge.as(session, LIST, { headers: { "x-raxx-test-fault": "panic" } });
    assert.equal(panicked.status, 500);
    await panicked.text();
    for (const response of await Promise.all(waiting)) {
      assert.ok([200, 500].includes(response.status), String(response.status));
      hardened(response, { panicked: response.status === 500 });
      await response.text();
    }
    const again = await edge.as(session, LIST);
    assert.equal(again.status, 200);
    await again.text();
  });
});

describe("configuration", () => {
  let edge;
  before(async () => {
    edge = await start();
  });
  after(() => edge.stop());

  test("a request that asks for a fault gets none where it is not configured", async () => {
    const response = await edge.fetch(NOTICES, { headers: { "x-raxx-test-fault": "panic" } });
    assert.equal(response.status, 200);
    await response.text();
  });

  for (const [name, value] of [["RAPTOR_ORIGIN", "http://api.raxx.app"], ["EDGE_SERVICE_TOKEN", ""],
    ["EDGE_SERVICE_TOKEN", "changeme"],
    ["EDGE_SERVICE_TOKEN", `${SERVICE_TOKEN}=`],
    ["EDGE_SERVICE_TOKEN", `${SERVICE_TOKEN.slice(0, -1)}\n`],
    ["EDGE_SERVICE_TOKEN", "A".repeat(43)],
    ["JWT_ALGS", "none"], ["JWKS_URL", "nonsense"]]) {
    test(`without a sound ${name} nothing is served, and the log names it`, async () => {
      await edge.restart({ [name]: value });
      edge.forget();
      for (const path of ["/", NOTICES, LIST]) {
        const response = await edge.as(token(edge.key), path);
        await problem(response, 503, "internal");
      }
      assert.deepEqual([...edge.raptor.received, ...edge.pages.received], []);
      await logLines(edge, (lines) => lines.some((line) => line.outcome === "misconfigured" && line.detail?.includes(name)));
    });
  }

  test("each of two service tokens is sent as configured, so that Raptor can accept both during a rotation", async () => {
    for (const current of [SERVICE_TOKEN, "another-service-token-while-both-are-valid0"]) {
      await edge.restart({ EDGE_SERVICE_TOKEN: current });
      edge.forget();
      await (await edge.fetch(NOTICES)).text();
      assert.equal(edge.raptor.received[0].headers["x-raxx-service-authorization"], `Bearer ${current}`);
    }
  });
});

describe("reports of browsers", () => {
  let edge;
  before(async () => {
    edge = await start({ limits: { LIMIT_REPORTS: 8 } });
  });
  after(() => edge.stop());

  const report = (body, type = "application/reports+json") =>
    edge.fetch("/reports/csp", { method: "POST", body, headers: { "content-type": type, "cf-connecting-ip": "203.0.113.9" } });

  test("are logged without what is private, within bounds", async () => {
    const modern = [
      {
        type: "csp-violation",
        url: "https://support.raxx.app/",
        body: {
          effectiveDirective: "img-src",
          blockedURL: "https://evil.example/a.png?session=private",
          documentURL: "https://support.raxx.app/tickets?q=private",
          disposition: "enforce",
        },
      },
    ];
    const response = await report(JSON.stringify(modern));
    assert.equal(response.status, 204);
    hardened(response);
    const legacy = await report(JSON.stringify({ "csp-report": { "violated-directive": "font-src", "blocked-uri": "inline" } }), "application/csp-report");
    assert.equal(legacy.status, 204);
    await logLines(edge, (lines) => lines.some((line) => line.outcome === "csp_report" && line.blocked === "https://evil.example/a.png"));
    await logLines(edge, (lines) => lines.some((line) => line.outcome === "csp_report" && line.directive === "font-src"));
    assert.ok(!edge.logged.join("\n").includes("private"));
  });

  test("are refused when they are none, too large, or too many", async () => {
    await problem(await report("{}"), 400, "invalid");
    await problem(await report("x".repeat(17_000)), 413, "too_large");
    await problem(await report("{}", "application/json"), 415, "unsupported_media_type");
    await problem(await edge.fetch("/reports/csp"), 405, "invalid");
    for (let count = 0; count < 8; count += 1) await (await report("{}")).text();
    await problem(await report("{}"), 429, "rate_limited");
  });
});

test("the claims of the harness are those of the contract", () => {
  assert.deepEqual(Object.keys(claims()).sort(), ["aud", "auth_time", "customer_email", "exp", "iat", "iss", "jti", "nbf", "sub"]);
});
