//! Writing a message, whether it opens a ticket or answers in one: the box, its preview, whether it is safe, and how it is sent.

mod aside;
mod editor;
mod note;
mod saved;
mod submission;

pub use aside::AsideNote;
pub use editor::{MessageEditor, send_shortcut};
pub use note::SubmissionNote;
pub use saved::SavedLine;
pub use submission::{Hold, Sender, Submission, Verdict, normalized};
