//! The mailbox's custom fields, for the new-ticket form.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::HelpDesk;
use super::counters::{Dropped, Operation};
use super::error::{Cause, ReadError};
use super::id::CustomFieldId;
use super::lenient::text_of;
use super::model::{CustomField, CustomFieldKind, CustomFieldOption};
use super::wire;

impl HelpDesk {
    /// The visible custom fields of the mailbox, in their order; none when the help desk has no such module.
    ///
    /// # Errors
    /// [`ReadError::Unavailable`].
    pub async fn list_custom_fields(&self) -> Result<Vec<CustomField>, ReadError> {
        let settings = &self.transport.settings;
        let url = settings.base.resource(&["mailboxes", &settings.mailbox.to_string(), "custom_fields"]);
        let envelope = match self.envelope(Operation::ListCustomFields, url).await {
            Ok(envelope) => envelope,
            // Where the module is missing, so is the address.
            Err(ReadError::NotFound | ReadError::Unavailable(Cause::Unexpected)) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let (mut fields, mut unreadable) = (Vec::new(), 0);
        for raw in &envelope.embedded.custom_fields {
            match read(raw) {
                Some(field) if settings.visible_fields.contains(&field.id) => fields.push(field),
                Some(_) => {}
                None => unreadable += 1,
            }
        }
        self.transport.drop_and_warn(Operation::ListCustomFields, Dropped::Unreadable, unreadable);
        fields.sort_by_key(|field| (field.sort_order, field.id));
        Ok(fields)
    }
}

fn read(raw: &RawValue) -> Option<CustomField> {
    let wire: wire::CustomField = serde_json::from_str(raw.get()).ok()?;
    let kind = match wire.kind.as_str() {
        "singleline" => CustomFieldKind::SingleLine,
        "multiline" => CustomFieldKind::MultiLine,
        "dropdown" => CustomFieldKind::Choice(wire.options.as_deref().map(options).unwrap_or_default()),
        "date" => CustomFieldKind::Date,
        "number" => CustomFieldKind::Number,
        _ => return None,
    };
    Some(CustomField {
        id: CustomFieldId::new(wire.id)?,
        name: wire.name,
        kind,
        required: wire.required,
        sort_order: wire.sort_order,
    })
}

/// An object of value and label; also a list, which an object with keys from 0 upwards becomes on its way.
fn options(raw: &RawValue) -> Vec<CustomFieldOption> {
    let option = |value: String, label: &RawValue| CustomFieldOption { value, label: text_of(label.get()) };
    if let Ok(list) = serde_json::from_str::<Vec<Box<RawValue>>>(raw.get()) {
        return list.iter().enumerate().map(|(place, label)| option(place.to_string(), label)).collect();
    }
    let object: BTreeMap<String, Box<RawValue>> = serde_json::from_str(raw.get()).unwrap_or_default();
    let mut options: Vec<_> = object.into_iter().map(|(value, label)| option(value, &label)).collect();
    options.sort_by_key(|option| option.value.parse::<u64>().unwrap_or(u64::MAX));
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(json: &str) -> Option<CustomField> {
        read(&serde_json::from_str::<Box<RawValue>>(json).unwrap())
    }

    #[test]
    fn reads_choices_in_every_shape() {
        let choice = |options: &str| {
            let json =
                format!(r#"{{"id":18,"name":"Priority","type":"dropdown","options":{options},"required":true}}"#);
            match field(&json).unwrap().kind {
                CustomFieldKind::Choice(options) => {
                    options.into_iter().map(|option| format!("{}={}", option.value, option.label)).collect::<Vec<_>>()
                }
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(choice(r#"{"10":"c","2":"b","1":"a"}"#), ["1=a", "2=b", "10=c"]);
        assert_eq!(choice(r#"["a","b"]"#), ["0=a", "1=b"]);
        for none in ["null", "\"\"", "[]", "{}", "7"] {
            assert!(choice(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn leaves_out_what_it_does_not_know() {
        assert_eq!(field(r#"{"id":0,"name":"x","type":"date"}"#), None);
        assert_eq!(field(r#"{"id":1,"name":"x","type":"hologram"}"#), None);
        assert!(field(r#"{"id":1,"name":"x","type":"date","options":null}"#).is_some());
    }
}
