//! Holds any Raptor to the contract: the shapes of answers and errors, who may see what, and what happens twice.
//!
//! It speaks HTTP to an address and knows nothing of what is behind it, so it tries the reference, another implementation, and either
//! of them through the edge alike. Answers are decoded by the contract's own types; a field that the contract does not know counts as
//! a fault.

mod caller;
mod cases;
mod device;

pub use caller::{Answer, Caller, CallerError};
pub use cases::{Case, Report, run};
pub use device::{Device, DeviceError};
