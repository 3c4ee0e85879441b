//! Every component with logic, mounted alone in a real browser, against a server that is a list of answers.

#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, unreachable_pub, reason = "what the helpers of tests do, their names say")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

pub mod app;
pub mod attachments;
pub mod chrome;
pub mod drafts;
pub mod fixtures;
pub mod list;
pub mod live;
pub mod my_data;
pub mod new_ticket;
pub mod notices;
pub mod offline;
pub mod pages;
pub mod parts;
pub mod parts_lost;
pub mod pictures;
pub mod place;
pub mod rating;
pub mod renewal;
pub mod reply;
pub mod rich_text;
pub mod rows;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod stage;
pub mod thread;
pub mod turns;
pub mod ui;
pub mod writing;
