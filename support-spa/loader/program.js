// A program's script: wasm-bindgen's glue and these lines, bundled into one module, so that one hash in the policy covers both. The
// module is compiled while it arrives; boot.js, which opened the program, says when it may start. `PROGRAM_MODULE` is its address.
import init, * as program from "program";

// What does not come, the browser says by itself; the page has words for it.
const module = fetch(PROGRAM_MODULE).catch(() => Promise.reject());
// What takes over a compiled module has kept the browser busy; whoever pressed or scrolled meanwhile comes before what is next.
raxx.compiled(init({ module_or_path: module }).then(() => new Promise((resolve) => setTimeout(resolve, 0, program))));
