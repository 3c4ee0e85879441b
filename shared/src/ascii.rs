//! Short ASCII text in the making, without an allocation: lists are full of ids and times.

/// At most `N` characters.
pub(crate) struct Ascii<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Ascii<N> {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; N], length: 0 }
    }

    /// Adds ASCII. What does not fit is left out, so `N` is what the longest text needs.
    pub(crate) fn push(&mut self, ascii: &[u8]) {
        for byte in ascii {
            if let Some(place) = self.bytes.get_mut(self.length) {
                *place = *byte;
                self.length += 1;
            }
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.bytes.get(..self.length).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}
