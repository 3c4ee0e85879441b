// The portal's script: its program, and what lets it open without a connection.
import "./program.js";
import "./offline.js";
