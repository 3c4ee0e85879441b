//! The files of one form, uploaded two at a time.

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use shared::endpoints::files::{DiscardUpload, UploadPath};
use shared::{Nothing, UploadId};
use wasm_bindgen::JsCast;
use web_sys::{Blob, File};

use super::item::{Item, ItemState, judge};
use crate::browser::{is_online, now};
use crate::client::{self, Cause, Failure};
use crate::features::drafts::KeptFile;
use crate::i18n::{Message, m};

/// Files that a message takes.
pub const MOST: usize = 10;
/// Uploads at the same time: more would only share the same connection.
const AT_ONCE: usize = 2;
/// An upload that is about to be thrown away is uploaded anew.
const MARGIN: i64 = 10 * 60 * 1000;

/// The files of one form.
#[derive(Clone, Copy)]
pub struct Attachments {
    items: RwSignal<Vec<Item>>,
    last: StoredValue<u32>,
    /// What could not even be listed.
    pub left_out: RwSignal<Option<Message>>,
}

impl Default for Attachments {
    fn default() -> Self {
        Self::new()
    }
}

impl Attachments {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self { items: RwSignal::new(Vec::new()), last: StoredValue::new(0), left_out: RwSignal::new(None) }
    }

    /// The files, tracked.
    #[must_use]
    pub fn items(self) -> Vec<Item> {
        self.items.get()
    }

    /// Makes whatever runs now run again when the files change.
    pub fn track(self) {
        self.items.track();
    }

    /// Whether there are none; tracked.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.items.with(Vec::is_empty)
    }

    /// How many are still coming; tracked.
    #[must_use]
    pub fn under_way(self) -> usize {
        self.items.with(|items| items.iter().filter(|item| item.is_under_way()).count())
    }

    /// How many stand in the way of sending; tracked.
    #[must_use]
    pub fn failed(self) -> usize {
        self.items.with(|items| items.iter().filter(|item| item.has_failed()).count())
    }

    /// What a message can take.
    #[must_use]
    pub fn upload_ids(self) -> Vec<UploadId> {
        self.items.with_untracked(|items| items.iter().filter_map(Item::upload_id).collect())
    }

    /// Adds a file and begins to upload it.
    pub fn add(self, file: File) {
        let name = file.name();
        let size = file.size() as u64;
        let same = |item: &Item| item.name == name && item.size == size;
        if self.items.with_untracked(|items| items.iter().any(same)) {
            self.left_out.set(Some(m!(files_error_duplicate, name = name)));
            return;
        }
        if self.items.with_untracked(Vec::len) >= MOST {
            self.left_out.set(Some(m!(files_error_too_many, count = MOST, name = name)));
            return;
        }
        self.left_out.set(None);
        let media_type = file.type_();
        self.insert(name, file.unchecked_into(), media_type, judge(size));
        self.go_on();
    }

    /// Takes a file away: calls its upload off, or throws away what was uploaded.
    pub fn remove(self, id: u32) {
        let item = self.items.try_update(|items| {
            let place = items.iter().position(|item| item.id == id)?;
            Some(items.remove(place))
        });
        let item = item.flatten();
        if let Some(item) = &item {
            item.call_off();
        }
        if let Some(upload_id) = item.and_then(|item| item.upload_id()) {
            spawn_local(async move {
                // What is not thrown away now is thrown away within a day.
                let _ = client::call::<DiscardUpload>(UploadPath { upload_id }, (), &Nothing).await;
            });
        }
        self.left_out.set(None);
        self.go_on();
    }

    /// Tries a file again.
    pub fn retry(self, id: u32) {
        self.set_state(id, ItemState::Waiting);
        self.go_on();
    }

    /// How many a lost connection or an ended session stopped; tracked.
    #[must_use]
    pub fn stopped(self) -> usize {
        self.items.with(|items| items.iter().filter(|item| item.is_stopped()).count())
    }

    /// Tries those again.
    pub fn resume(self) {
        let stopped = |items: &Vec<Item>| items.iter().filter(|item| item.is_stopped()).map(|item| item.id).collect();
        let ids: Vec<u32> = self.items.with_untracked(stopped);
        for id in ids {
            self.set_state(id, ItemState::Waiting);
        }
        self.go_on();
    }

    /// The files as a draft keeps them.
    #[must_use]
    pub fn kept(self) -> Vec<KeptFile> {
        let keep = |item: &Item| KeptFile {
            name: item.name.clone(),
            blob: (*item.blob).clone(),
            upload: match item.state {
                ItemState::Ready(id, until) => Some((id, until)),
                _ => None,
            },
        };
        let worth = |item: &&Item| !matches!(item.state, ItemState::Refused(_));
        self.items.with_untracked(|items| items.iter().filter(worth).map(keep).collect())
    }

    /// Holds the files of a draft from now on. What is here already goes on as it is; what was uploaded and will still be there is not
    /// uploaded again.
    pub fn follow(self, files: Vec<KeptFile>) {
        let same = |item: &Item, file: &KeptFile| item.name == file.name && item.size == file.blob.size() as u64;
        let shown = self.items.try_update(std::mem::take).unwrap_or_default();
        let (mut shown, gone): (Vec<Item>, Vec<Item>) =
            shown.into_iter().partition(|item| files.iter().any(|file| same(item, file)));
        gone.iter().for_each(Item::call_off);
        let mut new = Vec::new();
        for file in files {
            let uploaded = file.upload.filter(|(_, until)| *until > now() + MARGIN);
            match (shown.iter_mut().find(|item| same(item, &file)), uploaded) {
                (Some(item), Some((id, until))) if item.upload_id().is_none() => {
                    item.call_off();
                    item.state = ItemState::Ready(id, until);
                }
                (Some(_), _) => {}
                (None, _) => new.push((file, uploaded)),
            }
        }
        self.items.set(shown);
        for (file, uploaded) in new {
            let state = match uploaded {
                Some((id, until)) => ItemState::Ready(id, until),
                None => judge(file.blob.size() as u64),
            };
            let media_type = file.blob.type_();
            self.insert(file.name, file.blob, media_type, state);
        }
        self.go_on();
    }

    fn insert(self, name: String, blob: Blob, media_type: String, state: ItemState) {
        let id = self.last.try_update_value(|last| {
            *last += 1;
            *last
        });
        let size = blob.size() as u64;
        let blob = SendWrapper::new(blob);
        let item = Item { id: id.unwrap_or_default(), name, size, media_type, blob, state };
        self.items.update(|items| items.push(item));
    }

    fn set_state(self, id: u32, state: ItemState) {
        self.items.try_update(|items| {
            if let Some(item) = items.iter_mut().find(|item| item.id == id) {
                item.state = state;
            }
        });
    }

    /// Begins as many uploads as may run. Without a connection none: they wait for [`Self::resume`].
    fn go_on(self) {
        while is_online() {
            let next = self.items.try_with_untracked(|items| {
                let running = items.iter().filter(|item| matches!(item.state, ItemState::Uploading(..))).count();
                let waiting = items.iter().find(|item| matches!(item.state, ItemState::Waiting));
                waiting.filter(|_| running < AT_ONCE).cloned()
            });
            match next.flatten() {
                Some(item) => self.begin(item),
                None => return,
            }
        }
    }

    fn begin(self, item: Item) {
        let id = item.id;
        let progress = move |share| {
            self.items.try_update(|items| {
                if let Some(Item { state: ItemState::Uploading(shown, _), .. }) =
                    items.iter_mut().find(|item| item.id == id)
                {
                    *shown = share;
                }
            });
        };
        match client::start_upload(&item.name, &item.blob, progress) {
            Err(failure) => self.set_state(id, ItemState::Failed(failure)),
            Ok((upload, finished)) => {
                self.set_state(id, ItemState::Uploading(0, Some(SendWrapper::new(upload))));
                spawn_local(async move {
                    let state = match finished.await {
                        Ok(file) => ItemState::Ready(file.id, file.expires_at.millis()),
                        Err(Failure { cause: Cause::Cancelled, .. }) => return,
                        Err(Failure { cause: Cause::Offline, .. }) if !is_online() => ItemState::Waiting,
                        Err(failure) => ItemState::Failed(failure),
                    };
                    self.set_state(id, state);
                    self.go_on();
                });
            }
        }
    }
}
