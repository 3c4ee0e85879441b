// Hono as people write it: hardened headers, the token verified against a cached key set, no look at what passes.

import { Hono } from "hono";
import { createRemoteJWKSet, jwtVerify } from "jose";

import { hardened, mutable, problem } from "./policy.mjs";

const app = new Hono();
let keys;

app.use(hardened);
app.use("/api/v1/support/*", async (context, next) => {
  keys ??= createRemoteJWKSet(new URL(context.env.JWKS_URL));
  const [scheme, token] = (context.req.header("authorization") ?? "").split(" ");
  if (scheme !== "Bearer" || !token) return problem(401, "unauthenticated");
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: context.env.JWT_ISSUER,
      audience: context.env.JWT_AUDIENCE,
      algorithms: ["EdDSA"],
      typ: "at+jwt",
    });
    context.set("customer", payload.sub);
  } catch {
    return problem(401, "unauthenticated");
  }
  await next();
});
app.get("/api/*", async (context) => {
  const { pathname, search } = new URL(context.req.url);
  const answer = await fetch(context.env.RAPTOR_ORIGIN + pathname + search, {
    headers: {
      authorization: context.req.header("authorization"),
      "x-raxx-service-authorization": `Bearer ${context.env.EDGE_SERVICE_TOKEN}`,
    },
    redirect: "manual",
  });
  return mutable(answer);
});
app.get("*", async (context) => {
  const { pathname } = new URL(context.req.url);
  return mutable(await fetch(context.env.PAGES_ORIGIN + pathname, { redirect: "manual" }));
});

export default app;
