//! How the portal looks and speaks. Kept on this device.

mod page;
mod preference;

pub use page::SettingsPage;
pub use preference::{Setting, Settings, restore, speak, use_settings};
