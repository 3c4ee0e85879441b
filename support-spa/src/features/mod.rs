//! What customers do here, a folder per feature.

pub mod attachments;
pub mod chrome;
pub mod desk;
pub mod drafts;
pub mod guard;
pub mod list;
pub mod live;
pub mod missing;
pub mod my_data;
pub mod new_ticket;
pub mod notices;
pub mod offline;
pub mod reply;
pub mod settings;
pub mod sign_in;
pub mod thread;
pub mod writing;
