//! Every type that crosses the wire between the portal, the edge and Raptor.
