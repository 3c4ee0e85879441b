// Keys and tokens, sound ones and every kind of unsound one.

import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";

export const ISSUER = "https://api.raxx.app";
export const AUDIENCE = "https://support.raxx.app";
export const CUSTOMER = "cu_0123456789abcdefghjkmnpqrs";
export const EMAIL = "grace.private@example.com";

export const base64url = (value) => Buffer.from(value).toString("base64url");

/** Seconds since the epoch. */
export const seconds = () => Math.floor(Date.now() / 1000);

/** A key pair with its public JWK. */
export function keyPair(kid, kind = "ed25519") {
  const pair =
    kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const alg = kind === "ed25519" ? "EdDSA" : "ES256";
  return { kid, alg, ...pair, jwk: { ...pair.publicKey.export({ format: "jwk" }), kid, use: "sig", alg } };
}

/** The claims of a sound session. */
export function claims(changed = {}) {
  const now = seconds();
  return {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: CUSTOMER,
    customer_email: EMAIL,
    iat: now - 10,
    nbf: now - 10,
    exp: now + 3600,
    jti: randomBytes(16).toString("hex"),
    auth_time: now - 10,
    ...changed,
  };
}

/** Signs a token; `undefined` as a changed claim or header leaves it out. Text in place of an object is taken as it is. */
export function token(key, { claims: changed = {}, header = {}, payload, rawHeader, signature } = {}) {
  const head = rawHeader ?? JSON.stringify({ alg: key.alg, typ: "at+jwt", kid: key.kid, ...header });
  const body = payload ?? JSON.stringify(claims(changed));
  const input = `${base64url(head)}.${base64url(body)}`;
  return `${input}.${base64url(signature ?? signed(key, input))}`;
}

export function signed(key, input) {
  if (key.alg === "ES256") {
    return sign("sha256", Buffer.from(input), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
  }
  return sign(null, Buffer.from(input), key.privateKey);
}

export const keySet = (...keys) => JSON.stringify({ keys: keys.map((key) => key.jwk ?? key) });

export { createPrivateKey, createPublicKey };
