// Where workerd enters the worker.

import * as instance from "./index.js";

const state = instance.__worker_init_state();

// What traps outside of a request's own call is reported here. A trap leaves the instance's memory as it was in the middle of
// something: nobody may enter it again.
addEventListener("error", (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) state.criticalError = true;
});

export default {
  fetch: (request, env, context) => globalThis.__raxx_answer(instance, request, env, context),
  /** How many requests wait inside of WebAssembly: for tests, and out of reach for requests. */
  waiting: () => instance.waiting(),
};
