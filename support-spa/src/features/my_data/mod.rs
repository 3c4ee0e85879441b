//! What is the customer's: as a file, on paper, and on this device.

mod device;
mod download;
mod page;
mod print;

pub use page::MyDataPage;
