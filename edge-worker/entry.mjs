// The worker's entry point: the bundle, guarded, so that a request is answered even when the WebAssembly instance dies under it.

import Edge from "./build/index.js";

export default {
  fetch(request, env, context) {
    return globalThis.__raxx_guard(() => new Edge(context, env).fetch(request));
  },
};
