//! Sessions: passkeys in, JWTs out, and the end of both.

mod authenticate;
mod enrolment;
mod keys;
mod passkeys;
mod routes;
mod tokens;

pub use authenticate::{Authenticator, SignedIn};
pub use enrolment::seed_demo;
pub use keys::{KeyError, KeySource, SigningKeys, generate_key_set};
pub use passkeys::{CeremonyError, Passkeys};
pub use tokens::{TokenRefusal, Tokens};
