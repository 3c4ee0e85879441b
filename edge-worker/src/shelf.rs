//! Files of the static site that an isolate keeps in memory.
//!
//! A file whose name holds its content's hash never changes, so it is asked for once and then answered without the origin. What is kept
//! where is decided here; the bytes themselves stay on the JavaScript side, by slot, and never enter WebAssembly.

use std::collections::HashMap;

/// Largest file that is kept, in bytes.
pub const MAX_FILE: usize = 1024 * 1024;
/// All files together, in bytes: a release has about one megabyte, an isolate 128.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Most files.
pub const MAX_FILES: usize = 64;

/// What is known about a file that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where its bytes lie.
    pub slot: u32,
    /// Its entity tag, when the origin gave a sound one.
    pub etag: Option<String>,
    bytes: usize,
    used: u64,
}

/// The files, by their path at the origin.
#[derive(Debug, Default)]
pub struct Shelf {
    files: HashMap<String, Kept>,
    bytes: usize,
    clock: u64,
}

impl Shelf {
    /// A file that is kept.
    pub fn get(&mut self, path: &str) -> Option<&Kept> {
        self.clock += 1;
        let kept = self.files.get_mut(path)?;
        kept.used = self.clock;
        Some(kept)
    }

    /// Makes place for a file. Gives its slot, and the slots whose bytes are to be let go: of those files that were not used for
    /// longest. `None` for a file that is too large.
    pub fn put(&mut self, path: &str, etag: Option<String>, bytes: usize) -> Option<(u32, Vec<u32>)> {
        if bytes > MAX_FILE {
            return None;
        }
        self.clock += 1;
        let mut gone = Vec::new();
        // Two requests may have fetched the same file at once: the later one takes the place of the first.
        gone.extend(self.remove(path));
        while self.bytes + bytes > MAX_BYTES || self.files.len() >= MAX_FILES {
            let oldest = self.files.iter().min_by_key(|(_, kept)| kept.used).map(|(path, _)| path.clone())?;
            gone.extend(self.remove(&oldest));
        }
        let slot = (0..).find(|slot| self.files.values().all(|kept| kept.slot != *slot))?;
        gone.retain(|freed| *freed != slot);
        self.bytes += bytes;
        self.files.insert(path.to_owned(), Kept { slot, etag, bytes, used: self.clock });
        Some((slot, gone))
    }

    fn remove(&mut self, path: &str) -> Option<u32> {
        let kept = self.files.remove(path)?;
        self.bytes -= kept.bytes;
        Some(kept.slot)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keeps_what_is_used_and_lets_go_of_the_rest() {
        let mut shelf = Shelf::default();
        assert_eq!(shelf.put("/assets/large.js", None, MAX_FILE + 1), None);
        let (used, _) = shelf.put("/assets/used.js", Some("\"a\"".into()), MAX_FILE).unwrap();
        let mut gone = Vec::new();
        for number in 0..100 {
            gone.extend(shelf.put(&format!("/assets/{number}.js"), None, MAX_FILE).unwrap().1);
            assert_eq!(shelf.get("/assets/used.js").map(|kept| kept.slot), Some(used), "{number}");
        }
        assert!(!gone.contains(&used));
        assert_eq!(shelf.get("/assets/0.js"), None);
        assert_eq!(shelf.get("/assets/used.js").unwrap().etag.as_deref(), Some("\"a\""));
    }

    proptest! {
        #[test]
        fn is_bounded_and_no_two_files_share_a_slot(puts in prop::collection::vec((0..90_u8, 0..MAX_FILE), 0..200)) {
            let mut shelf = Shelf::default();
            for (name, bytes) in puts {
                let (slot, gone) = shelf.put(&name.to_string(), None, bytes).unwrap();
                prop_assert!(!gone.contains(&slot));
                let mut slots: Vec<u32> = shelf.files.values().map(|kept| kept.slot).collect();
                slots.sort_unstable();
                slots.dedup();
                prop_assert_eq!(slots.len(), shelf.files.len());
                prop_assert!(shelf.files.len() <= MAX_FILES);
                prop_assert!(shelf.bytes <= MAX_BYTES);
                prop_assert_eq!(shelf.bytes, shelf.files.values().map(|kept| kept.bytes).sum::<usize>());
                prop_assert!(slots.iter().all(|slot| *slot < MAX_FILES as u32));
            }
        }
    }
}
