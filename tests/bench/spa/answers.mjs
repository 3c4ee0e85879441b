// The API's answers, made from the contract's own examples, so that both programs read what Raptor would send.

import { readFileSync } from "node:fs";

const golden = JSON.parse(readFileSync(new URL("../../../shared/golden.json", import.meta.url), "utf8"));
const copy = (value) => structuredClone(value);
const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString().replace(/\.\d+Z$/, "Z");

/** An id of the contract: a prefix, and 26 digits of Crockford's base 32. */
export const id = (prefix, number) => `${prefix}_${number.toString(32).replace(/[i-v]/g, (digit) => "jkmnpqrstvwxyz"["ijklmnopqrstuv".indexOf(digit)]).padStart(26, "0")}`;

/** A session that lasts for the time of a run. */
export const session = { ...copy(golden["passkeySession.response"]), expires_at: ago(-240), absolute_expires_at: ago(-720) };

const STATUSES = ["waiting_for_you", "working", "received", "working"];
const PAGE = 100;

function list() {
  const page = copy(golden["listTickets.response"]);
  const summary = page.items[0];
  page.items = Array.from({ length: 25 }, (_, index) => ({
    ...copy(summary),
    id: id("tk", 1000 + index),
    number: 1000 + index,
    subject: `${summary.subject}, part ${index + 1}`,
    status: STATUSES[index % STATUSES.length],
    last_activity_at: ago(7 + index * 190),
    unread: index % 5 === 0,
  }));
  delete page.next_cursor;
  return page;
}

/** A thread of `count` messages: the newest hundred, or those before the cursor, which is their number here. */
function thread(ticketId, count, before = count) {
  const ticket = { ...copy(golden["getTicket.response"]), id: ticketId, message_count: count, synced_at: ago(0), stale: false };
  const kinds = ticket.messages;
  const first = Math.max(0, before - PAGE);
  ticket.messages = Array.from({ length: before - first }, (_, index) => ({
    ...copy(kinds[(first + index) % kinds.length]),
    id: id("ms", first + index + 1),
    attachments: [],
    sent_at: ago((count - first - index) * 30),
  }));
  ticket.read_up_to = ago(0);
  if (first > 0) ticket.older_cursor = `c${first}`;
  else delete ticket.older_cursor;
  return ticket;
}

/** The address of a ticket with so many messages. */
export const ticketPath = (count) => `/tickets/${id("tk", count)}`;

/** The answer to a call: status and JSON. */
export function answer(method, url) {
  if (url.pathname === "/api/v1/auth/passkey/options") return [200, golden["passkeyOptions.response"]];
  const path = url.pathname.replace("/api/v1/support", "");
  const ticket = path.match(/^\/tickets\/tk_([0-9a-z]{26})$/);
  if (method === "GET" && path === "/tickets") return [200, list()];
  if (method === "GET" && path === "/notices") return [200, { ...copy(golden["listNotices.response"]), items: [] }];
  if (method === "GET" && path === "/topics") return [200, golden["listTopics.response"]];
  if (method === "GET" && ticket) {
    const wanted = [20, 500, 1000].find((count) => id("tk", count) === `tk_${ticket[1]}`) ?? 20;
    const cursor = [...url.searchParams.values()].find((value) => /^c\d+$/.test(value));
    return [200, thread(`tk_${ticket[1]}`, wanted, cursor ? Number(cursor.slice(1)) : wanted)];
  }
  if (method === "PUT" && path.endsWith("/read")) return [204, null];
  return [404, { type: "urn:raxx:support:problem:not_found", title: "There is no such thing.", status: 404, code: "not_found", reference: "R-7KQ2M-9XD4T" }];
}
