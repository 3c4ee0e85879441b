// Hono doing what the worker does: both rates, a strict decode of the query and of the answer, which is written anew, and a log line.

import { Hono } from "hono";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { z } from "zod";

import { hardened, mutable, problem } from "./policy.mjs";

const line = (min, max) => z.string().min(min).max(max).regex(/^[^\p{Cc}]*$/u);
const id = (prefix) => z.string().regex(new RegExp(`^${prefix}[0-7][0-9a-hjkmnp-tv-z]{25}$`));
const status = z.enum(["received", "working", "waiting_for_you", "resolved"]);
const time = z.iso.datetime();
const summary = z.object({
  id: id("tk_"),
  number: z.int().nonnegative().optional(),
  subject: line(1, 200),
  status,
  created_at: time,
  last_activity_at: time,
  last_author: z.object({ kind: z.enum(["you", "participant", "team"]), name: line(1, 80).optional() }),
  snippet: line(0, 200),
  message_count: z.int().nonnegative(),
  attachment_count: z.int().nonnegative(),
  unread: z.boolean(),
  delivery: z.object({
    state: z.enum(["delivered", "queued", "sending", "failed"]),
    leaves_at: time.optional(),
    reason: z.string().optional(),
  }),
});
const page = z.object({
  items: z.array(summary).max(50),
  next_cursor: line(1, 200).optional(),
  counts: z.object({ received: z.int(), working: z.int(), waiting_for_you: z.int(), resolved: z.int() }),
  synced_at: time,
  stale: z.boolean(),
});
const query = z.strictObject({
  status: z.enum(["open", "received", "working", "waiting_for_you", "resolved", "all"]).optional(),
  q: line(1, 200).optional(),
  sort: z.enum(["activity", "newest", "oldest"]).optional(),
  cursor: line(1, 200).optional(),
  limit: z.string().regex(/^[1-9][0-9]?$/).optional(),
});

const app = new Hono();
let keys;

app.use(async (context, next) => {
  const began = Date.now();
  const id = crypto.randomUUID().replaceAll("-", "");
  context.set("id", id);
  await next();
  context.res.headers.set("x-request-id", id);
  context.res.headers.set("server-timing", `edge;dur=${Date.now() - began}`);
  console.log(JSON.stringify({ level: "info", request_id: id, method: context.req.method, route: context.req.path, status: context.res.status, duration_ms: Date.now() - began }));
});
app.use(hardened);
app.use("/api/v1/support/*", async (context, next) => {
  const { env } = context;
  const address = context.req.header("cf-connecting-ip") ?? "unknown";
  if (!(await env.LIMIT_ADDRESS.limit({ key: address })).success) return problem(429, "rate_limited");
  keys ??= createRemoteJWKSet(new URL(env.JWKS_URL));
  const [scheme, token] = (context.req.header("authorization") ?? "").split(" ");
  if (scheme !== "Bearer" || !token || token.length > 4096) return problem(401, "unauthenticated");
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: env.JWT_ISSUER,
      audience: env.JWT_AUDIENCE,
      algorithms: ["EdDSA"],
      typ: "at+jwt",
      maxTokenAge: "4h",
      requiredClaims: ["exp", "nbf", "jti", "customer_email", "auth_time"],
    });
    context.set("customer", payload.sub);
  } catch {
    return problem(401, "unauthenticated");
  }
  if (!(await env.LIMIT_READ.limit({ key: context.get("customer") })).success) return problem(429, "rate_limited");
  await next();
});
const upstream = (context, path) =>
  fetch(context.env.RAPTOR_ORIGIN + path, {
    headers: {
      authorization: context.req.header("authorization"),
      "x-raxx-service-authorization": `Bearer ${context.env.EDGE_SERVICE_TOKEN}`,
      "x-request-id": context.get("id"),
    },
    redirect: "manual",
  });
app.get("/api/v1/support/tickets", async (context) => {
  const asked = query.safeParse(context.req.query());
  if (!asked.success) return problem(400, "invalid");
  const answer = await upstream(context, `/api/v1/support/tickets${new URL(context.req.url).search}`);
  const read = page.safeParse(await answer.json());
  if (answer.status !== 200 || !read.success) return problem(502, "contract_violation");
  return context.json(read.data);
});
app.get("/api/*", async (context) => mutable(await upstream(context, new URL(context.req.url).pathname)));
app.get("*", async (context) => {
  const { pathname } = new URL(context.req.url);
  return mutable(await fetch(context.env.PAGES_ORIGIN + pathname, { redirect: "manual" }));
});

export default app;
