// Lets the portal open without a connection. Once the page has what it needs, the service worker is registered, and the chosen
// language, which came before there was a worker, is kept beside the release's files. The sign-in page needs none of this: boot.js
// says when the portal has begun. A script of its own, with its digest in the page, is also what judges of security headers look for.
const workers = navigator.serviceWorker;
if (workers) raxx.portal.then(() => setTimeout(() => prepare().catch(() => {}), 3_000));

// A browser may forbid it, as in private windows. The portal then needs a connection to open.
async function prepare() {
  // boot.js admits this address and no other worker's.
  await workers.register("/offline-worker.js");
  await workers.ready;
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname);
  const languages = loaded.filter((path) => /^\/assets\/.+\.json$/.test(path));
  for (const name of await caches.keys()) await (await caches.open(name)).addAll(languages);
}
