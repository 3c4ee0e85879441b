// Where workerd enters the worker: requests are guarded, so that each is answered even when the WebAssembly instance dies under it.

import * as instance from "./index.js";

const state = instance.__worker_init_state();

/** A trap leaves the instance's memory as it was in the middle of something: nobody may enter it again. */
function notice(error) {
  if (error instanceof WebAssembly.RuntimeError) state.criticalError = true;
}

/** Begins a new instance in place of one that died. */
function revive() {
  if (!state.criticalError) return;
  instance.__wbg_reset_state();
  state.criticalError = false;
  state.instanceId++;
}

// What traps outside of a request's own call, in a continuation, is reported here.
addEventListener("error", (event) => notice(event.error));

export default {
  fetch(request, env, context) {
    return globalThis.__raxx_guard(async () => {
      revive();
      try {
        return await instance.fetch(request, env, context);
      } catch (error) {
        notice(error);
        throw error;
      }
    });
  },
};
