//! The routes, and the one list of them.

pub mod account;
pub mod auth;
pub mod desk;
pub mod events;
pub mod files;
pub mod tickets;

/// Calls a macro with every route of the contract, as paths to the types that implement [`crate::Endpoint`].
///
/// This is the one list. The edge builds its table from it, Raptor its router, the published document its paths; a route that is
/// not here is served by nobody.
#[macro_export]
macro_rules! endpoints {
    ($callback:ident) => {
        $callback! {
            $crate::endpoints::auth::PasskeyOptions,
            $crate::endpoints::auth::PasskeySession,
            $crate::endpoints::auth::RenewSession,
            $crate::endpoints::auth::EndSession,
            $crate::endpoints::auth::EnrolmentOptions,
            $crate::endpoints::auth::Enrol,
            $crate::endpoints::tickets::ListTickets,
            $crate::endpoints::tickets::CreateTicket,
            $crate::endpoints::tickets::GetTicket,
            $crate::endpoints::tickets::Reply,
            $crate::endpoints::tickets::WithdrawReply,
            $crate::endpoints::tickets::SetStatus,
            $crate::endpoints::tickets::MarkRead,
            $crate::endpoints::tickets::Rate,
            $crate::endpoints::files::UploadFile,
            $crate::endpoints::files::DiscardUpload,
            $crate::endpoints::files::DownloadAttachment,
            $crate::endpoints::desk::ListTopics,
            $crate::endpoints::desk::ListNotices,
            $crate::endpoints::events::Subscribe,
            $crate::endpoints::account::ExportData,
        }
    };
}

macro_rules! list {
    ($($endpoint:path,)*) => {
        list!(@index 0; $($endpoint,)*);

        /// Number of routes.
        pub const COUNT: usize = [$(<$endpoint as $crate::Endpoint>::ID),*].len();
    };
    (@index $index:expr; $first:path, $($rest:path,)*) => {
        impl $crate::endpoint::sealed::Sealed for $first {}
        impl $crate::Listed for $first {
            const INDEX: usize = $index;
        }
        list!(@index $index + 1; $($rest,)*);
    };
    (@index $index:expr;) => {};
}

crate::endpoints!(list);

#[cfg(test)]
mod tests {
    use crate::{Endpoint, PathParams};

    fn names_agree<E: Endpoint>(seen: &mut Vec<String>) {
        let in_path: Vec<_> =
            E::PATH.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')).collect();
        assert_eq!(in_path, E::Path::NAMES, "{}", E::ID);
        assert!(E::PATH.starts_with("/api/v1/auth/") || E::PATH.starts_with("/api/v1/support/"), "{}", E::ID);
        seen.push(format!("{} {}", E::METHOD.as_str(), E::PATH));
    }

    #[test]
    fn paths_name_their_parameters_and_no_route_is_there_twice() {
        let mut seen = Vec::new();
        macro_rules! each {
            ($($endpoint:path,)*) => { $(names_agree::<$endpoint>(&mut seen);)* };
        }
        crate::endpoints!(each);
        assert_eq!(seen.len(), super::COUNT);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), super::COUNT);
    }
}
