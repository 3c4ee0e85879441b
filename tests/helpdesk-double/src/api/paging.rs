//! `page` and `pageSize` as the vendor reads them.

use super::{errors::ApiError, php};
use std::collections::BTreeMap;

/// Query parameters; of a repeated one PHP keeps the last.
pub(crate) type Parameters = BTreeMap<String, String>;

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Paging {
    pub(crate) number: usize,
    pub(crate) size: usize,
}

impl Paging {
    /// The vendor's default page size. There is no maximum.
    const DEFAULT_SIZE: usize = 50;

    /// # Errors
    /// A negative size reaches the database, which refuses it: a plain server error.
    pub(crate) fn from_parameters(parameters: &Parameters) -> Result<Self, ApiError> {
        let size = match parameters.get("pageSize").map_or(0, |text| php::int(text)) {
            0 => Self::DEFAULT_SIZE,
            size => usize::try_from(size).map_err(|_| ApiError::Server)?,
        };
        let number = parameters.get("page").map_or(1, |text| php::int(text)).max(1);
        Ok(Self { number: usize::try_from(number).unwrap_or(usize::MAX), size })
    }

    pub(crate) fn slice<T>(self, items: Vec<T>) -> Vec<T> {
        items.into_iter().skip((self.number - 1).saturating_mul(self.size)).take(self.size).collect()
    }
}
