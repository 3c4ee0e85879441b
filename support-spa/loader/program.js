// A program's script: wasm-bindgen's glue and these lines, bundled into one module, so that one hash in the policy covers both. The
// module is compiled while it arrives; boot.js, which opened the program, says when it may start. `PROGRAM_MODULE` is its address, and
// `PROGRAM_NAME` its name.
import init, * as program from "program";
import { prepareOffline } from "./offline.js";

// What does not come, the browser says by itself; the page has words for it.
const module = fetch(PROGRAM_MODULE).catch(() => Promise.reject());
raxx.compiled(init({ module_or_path: module }).then(() => program));
// Signing in needs a connection; what comes after it does not always.
if (PROGRAM_NAME === "portal") prepareOffline();
