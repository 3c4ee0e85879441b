//! What the team offers: topics of the new-ticket form with their fields, and notices.

mod content;
mod fields;
mod routes;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use shared::endpoints::tickets::FieldValue;
use shared::{FieldError, TopicId};
use tokio::sync::Mutex;

use crate::helpdesk::{CustomField, CustomFieldId, CustomFieldKind, CustomFieldOption, HelpDesk};
use crate::ids::DerivedIds;
use crate::store::Store;

use content::Content;

/// How long the form's fields are believed without asking again.
const BELIEVED: Duration = Duration::from_secs(300);

/// Knows the form and the notices.
#[derive(Clone)]
pub struct Topics {
    desk: HelpDesk,
    store: Store,
    ids: DerivedIds,
    content: Arc<Content>,
    /// Held while the help desk is asked, so that many customers ask it once.
    known: Arc<Mutex<Option<Known>>>,
}

/// The fields, and when they were read.
type Known = (Instant, Arc<Vec<CustomField>>);

impl Topics {
    pub(crate) fn new(desk: HelpDesk, store: Store, ids: DerivedIds, content: Option<&Path>) -> Result<Self, String> {
        let load = |path| Content::load(path, desk.names().of_team());
        let content = content.map(load).transpose()?.unwrap_or_default();
        Ok(Self { desk, store, ids, content: Arc::new(content), known: Arc::default() })
    }

    /// The mailbox's visible fields: fresh, or the last ones that were known when the help desk is down.
    pub(crate) async fn fields(&self) -> Arc<Vec<CustomField>> {
        let mut known = self.known.lock().await;
        if let Some((at, fields)) = &*known
            && at.elapsed() < BELIEVED
        {
            return fields.clone();
        }
        match self.desk.list_custom_fields().await {
            Ok(fields) => {
                if let Err(error) = self.store.put_setting("desk_fields", &fields::to_json(&fields)).await {
                    tracing::warn!(%error, "the form's fields could not be kept");
                }
                let fields = Arc::new(fields);
                *known = Some((Instant::now(), fields.clone()));
                fields
            }
            Err(error) => {
                tracing::warn!(%error, "the form's fields could not be read; using the last known ones");
                if let Some((_, fields)) = &*known {
                    return fields.clone();
                }
                let kept = self.store.get_setting("desk_fields").await.ok().flatten();
                Arc::new(kept.map(|json| fields::from_json(&json)).unwrap_or_default())
            }
        }
    }

    /// Checks a form against the fields and gives what the help desk is to be sent.
    ///
    /// # Errors
    /// The first field that is wrong.
    pub(crate) async fn check(
        &self,
        topic: Option<TopicId>,
        values: &[FieldValue],
    ) -> Result<Vec<(CustomFieldId, String)>, FieldError> {
        let fields = self.fields().await;
        fields::check(&self.ids, &fields, topic, values)
    }
}

/// The field whose options are the topics: the one choice that is called so.
fn topic_field(fields: &[CustomField]) -> Option<(&CustomField, &[CustomFieldOption])> {
    fields.iter().find_map(|field| match &field.kind {
        CustomFieldKind::Choice(options) if field.name.trim().eq_ignore_ascii_case("topic") => {
            Some((field, options.as_slice()))
        }
        _ => None,
    })
}
