// The service worker: without a connection the portal opens as it was when it was last there. `FILES` are what this release's page
// names, `PARTS` what its programs load later; `CACHE` names the release. Answers of the API never come this way and are never kept
// here: what a customer has seen is in the database of the page, by account, and goes when they sign out.
addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (FILES.includes(pathname) || pathname.startsWith("/assets/")) event.respondWith(file(request));
});

// All or nothing: a page is kept only with everything that it loads. While a deployment rolls out, the page may still be another
// release's; the browser then tries again later, and the worker before this one stays.
async function install() {
  // Asked for where the edge announces nothing: what is kept is shown for every address, and mostly to who is signed in.
  const answer = await fetch("/tickets", { cache: "no-cache" });
  const text = await answer.clone().text();
  if (!answer.ok || !FILES.every((file) => text.includes(file))) throw new Error("The page is another release's.");
  const cache = await caches.open(CACHE);
  await cache.addAll([...FILES, ...PARTS]);
  await cache.put("/", answer);
}

// The pages of the release before are closed by now: nobody needs its files.
async function activate() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await registration.navigationPreload?.enable();
}

// The newest page, as long as there is a connection.
async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch (error) {
    const kept = await caches.match("/");
    if (kept) return kept;
    throw error;
  }
}

// A name under /assets/ holds its content's digest, so what is kept is what would come.
async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}
