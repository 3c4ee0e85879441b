//! How much may be sent at once.

/// Bounds of the files of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest file, in bytes.
    pub file_bytes: usize,
    /// Most files of a message.
    pub files: usize,
    /// Most bytes of all files of a message.
    pub total_bytes: usize,
}

/// Which bound is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum LimitsExceeded {
    /// One file is too large.
    #[error("a file is too large")]
    File,
    /// There are too many.
    #[error("there are too many files")]
    Count,
    /// Together they are too large.
    #[error("the files are too large together")]
    Total,
}

impl Limits {
    /// 10 MiB a file, 10 files, 14 MiB together. Base 64 makes four bytes of three: 14 MiB stay below the 20 MiB that the help desk and
    /// mail servers usually take.
    pub const STANDARD: Self = Self { file_bytes: shared::Upload::MAX_BYTES, files: 10, total_bytes: 14 * 1024 * 1024 };

    /// Checks the sizes of the files of one message.
    ///
    /// # Errors
    /// The first bound that is broken.
    pub fn check(&self, sizes: impl IntoIterator<Item = usize>) -> Result<(), LimitsExceeded> {
        let (mut count, mut total) = (0_usize, 0_usize);
        for size in sizes {
            count += 1;
            total = total.saturating_add(size);
            if size > self.file_bytes {
                return Err(LimitsExceeded::File);
            }
        }
        if count > self.files {
            Err(LimitsExceeded::Count)
        } else if total > self.total_bytes {
            Err(LimitsExceeded::Total)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_holds() {
        let limits = Limits { file_bytes: 10, files: 3, total_bytes: 25 };
        assert_eq!(limits.check([10, 10, 5]), Ok(()));
        assert_eq!(limits.check([11]), Err(LimitsExceeded::File));
        assert_eq!(limits.check([1, 1, 1, 1]), Err(LimitsExceeded::Count));
        assert_eq!(limits.check([10, 10, 6]), Err(LimitsExceeded::Total));
        assert_eq!(limits.check([usize::MAX, usize::MAX]), Err(LimitsExceeded::File));
        assert_eq!(limits.check([]), Ok(()));
    }

    #[test]
    fn all_of_it_fits_once_it_is_encoded() {
        const { assert!(Limits::STANDARD.total_bytes / 3 * 4 + 256 * 1024 < 20 * 1024 * 1024) };
    }
}
