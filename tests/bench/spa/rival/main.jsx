// An equivalent of sign-in page, list and thread, as most teams would write it today: React, react-router and TanStack Query. It reads
// only (no replies, drafts, languages, live updates or offline), and starts no passkey ceremony before somebody presses.

import { QueryClient, QueryClientProvider, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, Link, Navigate, NavLink, RouterProvider, useParams, useSearchParams } from "react-router";

const session = () => JSON.parse(sessionStorage.getItem("raxx.session") ?? "null");

async function get(path) {
  const response = await fetch(`/api/v1/support${path}`, { headers: { accept: "application/json", authorization: `Bearer ${session().token}` } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

const WORDS = { received: "Received", working: "Working", waiting_for_you: "Waiting for you", resolved: "Resolved" };
const time = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function SignIn() {
  const [state, setState] = useState("idle");
  const press = async () => {
    setState("working");
    try {
      const options = await fetch("/api/v1/auth/passkey/options", { method: "POST" }).then((response) => response.json());
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.public_key);
      const credential = await navigator.credentials.get({ publicKey });
      const body = JSON.stringify({ ceremony_id: options.ceremony_id, credential });
      const answer = await fetch("/api/v1/auth/passkey/session", { method: "POST", body });
      sessionStorage.setItem("raxx.session", JSON.stringify(await answer.json()));
      location.assign("/tickets");
    } catch {
      setState("failed");
    }
  };
  return (
    <main className="gate">
      <div>
        <h1>Good to see you. What can we sort out?</h1>
        <p>Sign in with the passkey you use for Raxx. No password, no e-mail code.</p>
        <button onClick={press} disabled={state === "working"}>Sign in with a passkey</button>
        {state === "failed" && <p role="alert">Sign-in was cancelled, or took too long.</p>}
      </div>
    </main>
  );
}

function List() {
  const [search, setSearch] = useSearchParams();
  const status = search.get("status") ?? "open";
  const query = useQuery({ queryKey: ["tickets", status], queryFn: () => get(`/tickets?status=${status}&limit=25`) });
  const words = (search.get("q") ?? "").toLowerCase();
  if (query.isPending) return <main>Loading…</main>;
  if (query.isError) return <main role="alert">{query.error.message} <button onClick={() => query.refetch()}>Try again</button></main>;
  return (
    <main>
      <h1>Your tickets</h1>
      <nav>{["open", "waiting_for_you", "resolved", "all"].map((name) => <NavLink key={name} to={`?status=${name}`} aria-current={name === status || undefined}>{name}</NavLink>)}</nav>
      <input aria-label="Search" value={search.get("q") ?? ""} onChange={(event) => setSearch({ status, q: event.target.value })} />
      <ul>
        {query.data.items.filter((item) => item.subject.toLowerCase().includes(words)).map((item) => (
          <li key={item.id} className={item.unread ? "row unread" : "row"}>
            <Link to={`/tickets/${item.id}`}>
              <span>#{item.number} {item.subject}</span>
              <span>{item.snippet}</span>
              <small>{WORDS[item.status]} · {item.last_author?.name ?? "You"} · {time.format(new Date(item.last_activity_at))}</small>
            </Link>
          </li>
        ))}
      </ul>
    </main>
  );
}

function Inline({ part }) {
  if (part.text !== undefined) return part.text;
  if (part.break !== undefined) return <br />;
  if (part.code !== undefined) return <code>{part.code}</code>;
  if (part.link !== undefined) return <a href={part.link.href}>{(part.link.content ?? []).map((inner, index) => <Inline key={index} part={inner} />)}</a>;
  const [name, content] = Object.entries(part)[0];
  const Tag = name === "strong" ? "strong" : "em";
  return <Tag>{Array.isArray(content) ? content.map((inner, index) => <Inline key={index} part={inner} />) : null}</Tag>;
}

function Block({ block }) {
  const [name, content] = Object.entries(block)[0];
  if (name === "paragraph") return <p>{content.map((part, index) => <Inline key={index} part={part} />)}</p>;
  if (name === "code") return <pre>{typeof content === "string" ? content : content.text}</pre>;
  if (name === "quote") return <blockquote>{(Array.isArray(content) ? content : []).map((inner, index) => <Block key={index} block={inner} />)}</blockquote>;
  if (name === "list") return <ul>{(content.items ?? []).map((item, index) => <li key={index}>{item.map((inner, at) => <Block key={at} block={inner} />)}</li>)}</ul>;
  if (name === "rule") return <hr />;
  return <p>{JSON.stringify(content)}</p>;
}

function Thread() {
  const { id } = useParams();
  const query = useInfiniteQuery({
    queryKey: ["ticket", id],
    queryFn: ({ pageParam }) => get(`/tickets/${id}${pageParam ? `?before=${pageParam}` : ""}`),
    initialPageParam: "",
    getNextPageParam: (page) => page.older_cursor,
  });
  if (query.isPending) return <main>Loading…</main>;
  if (query.isError) return <main role="alert">{query.error.message}</main>;
  const pages = query.data.pages;
  return (
    <main>
      <Link to="/tickets">Your tickets</Link>
      <h1>{pages[0].subject}</h1>
      {query.hasNextPage && <button onClick={() => query.fetchNextPage()}>Show older messages</button>}
      <ol>
        {[...pages].reverse().flatMap((page) => page.messages).map((message) => (
          <li key={message.id} className="message">
            <small>{message.author.name ?? "You"} · {time.format(new Date(message.sent_at))}</small>
            {message.body.map((block, index) => <Block key={index} block={block} />)}
          </li>
        ))}
      </ol>
    </main>
  );
}

const guarded = (page) => (session() ? page : <Navigate to="/sign-in" replace />);
function Guarded({ children }) {
  return guarded(children);
}

const router = createBrowserRouter([
  { path: "/sign-in", element: <SignIn /> },
  { path: "/tickets", element: <Guarded><List /></Guarded> },
  { path: "/tickets/:id", element: <Guarded><Thread /></Guarded> },
  { path: "*", element: <Navigate to="/tickets" replace /> },
]);
createRoot(document.getElementById("root")).render(
  <QueryClientProvider client={new QueryClient()}>
    <RouterProvider router={router} />
  </QueryClientProvider>,
);
