//! Addresses and pages, both ways.

use shared::endpoints::tickets::{Sort, StatusFilter};
use shared::{Line, Param, TicketId, percent_encode, query_pairs};

/// A page of the portal; the same as [`shared::PORTAL_PAGES`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// `/`: leads on to the tickets, or to signing in.
    Home,
    /// `/sign-in`, and where to go afterwards.
    SignIn {
        /// The address that was asked for: a page of ours, never another origin.
        next: Option<String>,
    },
    /// `/tickets`
    Tickets(ListPlace),
    /// `/tickets/new`
    NewTicket,
    /// `/tickets/{ticket_id}`
    Ticket(TicketId),
    /// `/settings`
    Settings,
    /// `/my-data`
    MyData,
    /// Anything else.
    NotFound,
}

/// Which part of the list is shown. It lives in the address, so that Back, reload and a shared link all show the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListPlace {
    /// Which tickets; the open ones where the address says nothing.
    pub status: Option<StatusFilter>,
    /// What was searched for.
    pub query: Option<Line<1, 200>>,
    /// In which order.
    pub sort: Option<Sort>,
}

impl Page {
    /// The page of a path and a query string with its `?`.
    #[must_use]
    pub fn read(path: &str, search: &str) -> Self {
        let search = search.strip_prefix('?').unwrap_or_default();
        match path {
            "/" => Self::Home,
            "/sign-in" => Self::SignIn { next: value(search, "next").filter(|next| is_ours(next)) },
            "/tickets" => Self::Tickets(ListPlace::read(search)),
            "/tickets/new" => Self::NewTicket,
            "/settings" => Self::Settings,
            "/my-data" => Self::MyData,
            _ => match path.strip_prefix("/tickets/").map(TicketId::parse) {
                Some(Ok(ticket_id)) => Self::Ticket(ticket_id),
                _ => Self::NotFound,
            },
        }
    }

    /// The page of an address of ours, such as `/tickets?q=x`.
    #[must_use]
    pub fn of_address(address: &str) -> Self {
        let (path, _) = address.split_once('#').unwrap_or((address, ""));
        match path.split_once('?') {
            Some((path, search)) => Self::read(path, &["?", search].concat()),
            None => Self::read(path, ""),
        }
    }

    /// The address of the page.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Self::Home | Self::NotFound => "/".to_owned(),
            Self::SignIn { next: None } => "/sign-in".to_owned(),
            Self::SignIn { next: Some(next) } => ["/sign-in?next=", &percent_encode(next)].concat(),
            Self::Tickets(place) => ["/tickets", &place.write()].concat(),
            Self::NewTicket => "/tickets/new".to_owned(),
            Self::Ticket(ticket_id) => ["/tickets/", &ticket_id.to_string()].concat(),
            Self::Settings => "/settings".to_owned(),
            Self::MyData => "/my-data".to_owned(),
        }
    }

    /// Whether two pages are the same place, whatever part of it they show.
    #[must_use]
    pub fn is_same_place(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tickets(_), Self::Tickets(_)) | (Self::SignIn { .. }, Self::SignIn { .. }) => true,
            _ => self == other,
        }
    }
}

impl ListPlace {
    fn read(search: &str) -> Self {
        // What does not decode is left out: a broken link still shows the list.
        Self {
            status: value(search, "status").and_then(|text| StatusFilter::parse_param(&text).ok()),
            query: value(search, "q").and_then(|text| Line::new(text).ok()),
            sort: value(search, "sort").and_then(|text| Sort::parse_param(&text).ok()),
        }
    }

    fn write(&self) -> String {
        let mut writer = shared::QueryWriter::default();
        if let Some(status) = self.status {
            writer.put("status", status.as_str());
        }
        if let Some(query) = &self.query {
            writer.put("q", query);
        }
        if let Some(sort) = self.sort {
            writer.put("sort", sort.as_str());
        }
        writer.finish()
    }
}

fn value(search: &str, name: &str) -> Option<String> {
    query_pairs(search).ok()?.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// An address that leads to a page of ours: `//elsewhere` and `/\elsewhere` lead to other origins in browsers, and are no pages.
fn is_ours(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    shared::is_portal_page(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_every_page_of_the_contract() {
        let id = TicketId::from_bits(7).to_string();
        for template in shared::PORTAL_PAGES {
            let path = template.replace("{ticket_id}", &id);
            let page = Page::read(&path, "");
            assert_ne!(page, Page::NotFound, "{path}");
            assert_eq!(page.address(), path);
        }
        for other in ["/tickets/", "/tickets/3", "/nothing", "", "/tickets/new/"] {
            assert_eq!(Page::read(other, ""), Page::NotFound, "{other}");
        }
    }

    #[test]
    fn the_list_lives_in_the_address() {
        let place = ListPlace {
            status: Some(StatusFilter::WaitingForYou),
            query: Some(Line::new("iron & condor?").unwrap()),
            sort: Some(Sort::Oldest),
        };
        let page = Page::Tickets(place);
        assert_eq!(Page::of_address(&page.address()), page);
        assert_eq!(Page::read("/tickets", "?status=no&q=&sort=up"), Page::Tickets(ListPlace::default()));
        assert_eq!(Page::read("/tickets", "?q=%zz"), Page::Tickets(ListPlace::default()));
    }

    #[test]
    fn leads_on_to_our_own_pages_only() {
        let next = |search: &str| match Page::read("/sign-in", search) {
            Page::SignIn { next } => next,
            _ => None,
        };
        assert_eq!(next("?next=%2Ftickets%3Fq%3Da"), Some("/tickets?q=a".into()));
        for hostile in
            ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/api/v1/x", ""]
        {
            assert_eq!(next(&format!("?next={}", percent_encode(hostile))), None, "{hostile}");
        }
    }
}
