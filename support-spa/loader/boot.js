// Runs before the first paint, inline, by its hash. A chosen theme must not flash, and whoever is signed in must not see the sign-in
// page while the app is on its way.
(() => {
  const root = document.documentElement;
  try {
    for (const name of ["theme", "density"]) {
      const kept = localStorage.getItem("raxx." + name);
      if (kept && /^[a-z]+$/.test(kept)) root.setAttribute("data-" + name, kept);
    }
    const session = JSON.parse(sessionStorage.getItem("raxx.session") || "null");
    if (session && Date.parse(session.expires_at) > Date.now()) root.setAttribute("data-session", "");
  } catch {
    // Storage can be forbidden. The defaults are right then.
  }
})();
