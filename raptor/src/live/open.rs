//! How many event streams are open, so that nobody has them all.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use shared::CustomerId;

use crate::metrics::Metrics;

/// Streams of all customers together.
const ALL: u64 = 10_000;
/// Streams of one customer: a portal that is open opens one in every tab.
const EACH: u32 = 16;

/// Open streams by customer, who is listed as long as one is open. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct OpenStreams(Arc<Mutex<HashMap<CustomerId, u32>>>);

impl OpenStreams {
    /// Counts a stream in; `None` when there are too many.
    pub(super) fn open(&self, customer: CustomerId, metrics: &Arc<Metrics>) -> Option<OpenStream> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.get(&customer).copied().unwrap_or_default();
        if own >= EACH || metrics.streams.load(Ordering::Relaxed) >= ALL {
            return None;
        }
        open.insert(customer, own + 1);
        metrics.streams.fetch_add(1, Ordering::Relaxed);
        Some(OpenStream { streams: self.clone(), customer, metrics: metrics.clone() })
    }
}

/// A stream, counted while it is open.
pub(super) struct OpenStream {
    streams: OpenStreams,
    customer: CustomerId,
    metrics: Arc<Metrics>,
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        self.metrics.streams.fetch_sub(1, Ordering::Relaxed);
        if let Entry::Occupied(mut own) = open.entry(self.customer) {
            *own.get_mut() -= 1;
            if *own.get() == 0 {
                own.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_customer_has_a_share_and_gets_it_back() {
        let (streams, metrics) = (OpenStreams::default(), Arc::new(Metrics::default()));
        let open = |customer| streams.open(CustomerId::from_bits(customer), &metrics);
        let mut held: Vec<OpenStream> = (0..EACH).map(|_| open(1).unwrap()).collect();
        assert!(open(1).is_none());
        assert!(open(2).is_some(), "another customer has their own share");
        held.pop();
        held.push(open(1).unwrap());
        assert!(open(1).is_none());
        assert_eq!(metrics.streams.load(Ordering::Relaxed), u64::from(EACH));
        drop(held);
        assert_eq!(metrics.streams.load(Ordering::Relaxed), 0);
        assert!(streams.0.lock().unwrap().is_empty(), "nobody stays listed");
    }
}
