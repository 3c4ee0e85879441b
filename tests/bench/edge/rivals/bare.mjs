// The limit: a worker that passes everything on.

export default {
  fetch(request, env) {
    const { pathname, search } = new URL(request.url);
    const origin = pathname.startsWith("/api/") ? env.RAPTOR_ORIGIN : env.PAGES_ORIGIN;
    return fetch(origin + pathname + search, { method: request.method, headers: request.headers, redirect: "manual" });
  },
};
