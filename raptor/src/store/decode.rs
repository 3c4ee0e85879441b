//! Reads values of ours out of rows.

use shared::{Param, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{Any, ColumnIndex, Decode, Row as _, Type};

use super::StoreError;

pub(super) fn get<'r, T>(row: &'r AnyRow, column: &'static str) -> Result<T, StoreError>
where
    T: Decode<'r, Any> + Type<Any>,
    &'static str: ColumnIndex<AnyRow>,
{
    row.try_get(column).map_err(|_| StoreError::Unreadable { column })
}

pub(super) fn time(row: &AnyRow, column: &'static str) -> Result<Timestamp, StoreError> {
    get::<i64>(row, column).map(Timestamp::from_millis)
}

pub(super) fn maybe_time(row: &AnyRow, column: &'static str) -> Result<Option<Timestamp>, StoreError> {
    Ok(get::<Option<i64>>(row, column)?.map(Timestamp::from_millis))
}

/// An id, a bounded line, or a word of a closed set.
pub(super) fn param<T: Param>(row: &AnyRow, column: &'static str) -> Result<T, StoreError> {
    T::parse_param(&get::<String>(row, column)?).map_err(|_| StoreError::Unreadable { column })
}

pub(super) fn maybe_param<T: Param>(row: &AnyRow, column: &'static str) -> Result<Option<T>, StoreError> {
    let text: Option<String> = get(row, column)?;
    text.map(|text| T::parse_param(&text)).transpose().map_err(|_| StoreError::Unreadable { column })
}

pub(super) fn count(row: &AnyRow, column: &'static str) -> Result<u32, StoreError> {
    u32::try_from(get::<i64>(row, column)?).map_err(|_| StoreError::Unreadable { column })
}
