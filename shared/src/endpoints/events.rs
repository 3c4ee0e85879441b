//! Live updates.

use crate::body::EventStream;
use crate::endpoint::endpoint;

endpoint! {
    /// Subscribes to what happens to the customer's tickets.
    Subscribe = "subscribe": Get "/api/v1/support/events", Bearer, Heavy => 200, response EventStream;
    "Server-sent events about the customer's tickets; `Last-Event-ID` resumes."
}
