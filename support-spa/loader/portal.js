// The portal's script: what every program's is, and before that how the page looked.
import "./look.js";
import "./program.js";
