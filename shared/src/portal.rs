//! What the edge and the portal, or the edge and Raptor, must agree on beside the routes.

use crate::id::TicketId;

/// The pages of the portal, as the address bar shows them. The edge answers these with the portal's shell and every other path that is
/// not a file with 404; the portal's router knows the same pages.
pub const PORTAL_PAGES: [&str; 7] =
    ["/", "/sign-in", "/tickets", "/tickets/new", "/tickets/{ticket_id}", "/settings", "/my-data"];

/// Whether a path is one of [`PORTAL_PAGES`], with an id of the right form where one belongs.
#[must_use]
pub fn is_portal_page(path: &str) -> bool {
    PORTAL_PAGES.contains(&path) && !path.contains('{')
        || path.strip_prefix("/tickets/").is_some_and(|id| TicketId::parse(id).is_ok())
}

/// The header in which the edge proves itself to Raptor (ADR 0056), since `Authorization` carries the customer's own token.
pub const SERVICE_AUTHORIZATION: &str = "x-raxx-service-authorization";

/// The header in which the edge tells Raptor the customer's address. Raptor believes it only beside a valid
/// [`SERVICE_AUTHORIZATION`].
pub const CLIENT_ADDRESS: &str = "x-raxx-client-address";

/// The header that names one request in every log that it touches.
pub const REQUEST_ID: &str = "x-request-id";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_pages_and_no_others() {
        let ticket = format!("/tickets/{}", TicketId::from_bits(1));
        for page in ["/", "/sign-in", "/tickets", "/tickets/new", &ticket, "/settings", "/my-data"] {
            assert!(is_portal_page(page), "{page}");
        }
        for other in ["", "/tickets/", "/tickets/{ticket_id}", "/tickets/3", "//", "/settings/", "/Settings", "/app.js"]
        {
            assert!(!is_portal_page(other), "{other}");
        }
    }
}
