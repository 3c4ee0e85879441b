//! The fields of the form: shown, checked, and kept for the time when the help desk is down.

use serde::{Deserialize, Serialize};
use shared::endpoints::desk::{Field, FieldKind, FieldOption};
use shared::endpoints::tickets::FieldValue;
use shared::{FieldCode, FieldError, Line, List, TopicId, Violation};

use super::topic_field;
use crate::helpdesk::{CustomField, CustomFieldId, CustomFieldKind, CustomFieldOption, Names};
use crate::ids::DerivedIds;

/// A field as the contract shows it; `None` when it has no label that could be shown.
pub(super) fn shown(ids: &DerivedIds, names: &Names, field: &CustomField) -> Option<Field> {
    let (kind, options) = match &field.kind {
        CustomFieldKind::SingleLine => (FieldKind::Line, &[][..]),
        CustomFieldKind::MultiLine => (FieldKind::Text, &[][..]),
        CustomFieldKind::Choice(options) => (FieldKind::Choice, options.as_slice()),
        CustomFieldKind::Date => (FieldKind::Date, &[][..]),
        CustomFieldKind::Number => (FieldKind::Number, &[][..]),
    };
    let options = options
        .iter()
        .filter_map(|option| {
            let label = names.of_team().clean(&option.label);
            Some(FieldOption { value: Line::fitted(&option.value)?, label: Line::fitted(&label)? })
        })
        .collect();
    Some(Field {
        id: ids.field(field.id),
        label: Line::fitted(&names.of_team().clean(&field.name))?,
        kind,
        required: field.required,
        options: List::fitted(options),
    })
}

/// Checks what was filled in and translates it.
pub(super) fn check(
    ids: &DerivedIds,
    fields: &[CustomField],
    topic: Option<TopicId>,
    values: &[FieldValue],
) -> Result<Vec<(CustomFieldId, String)>, FieldError> {
    let mut out = Vec::new();
    let topics = topic_field(fields);
    match (topic, topics) {
        (Some(topic), Some((field, options))) => {
            let option = options.iter().find(|option| ids.topic(field.id, &option.value) == topic);
            let option = option.ok_or_else(|| FieldError::new("topic_id", &FieldCode::NotAllowed.into()))?;
            out.push((field.id, option.value.clone()));
        }
        (Some(_), None) => return Err(FieldError::new("topic_id", &FieldCode::NotAllowed.into())),
        // The contract leaves the topic open, whatever the team's own form asks of an agent: not knowing which it is must keep nobody
        // from writing.
        (None, _) => {}
    }
    let topic_id = topics.map(|(field, _)| field.id);
    for (place, value) in values.iter().enumerate() {
        let name = |part: &str| format!("fields[{place}].{part}");
        let field = fields.iter().find(|field| Some(field.id) != topic_id && ids.field(field.id) == value.field_id);
        let field = field.ok_or_else(|| FieldError::new(&name("field_id"), &FieldCode::NotAllowed.into()))?;
        if out.iter().any(|(id, _)| *id == field.id) {
            return Err(FieldError::new(&name("field_id"), &FieldCode::Duplicate.into()));
        }
        check_value(field, &value.value).map_err(|violation| FieldError::new(&name("value"), &violation))?;
        if !value.value.is_empty() {
            out.push((field.id, value.value.as_str().to_owned()));
        }
    }
    let missing = fields
        .iter()
        .find(|field| field.required && Some(field.id) != topic_id && !out.iter().any(|(id, _)| *id == field.id));
    match missing {
        Some(_) => Err(FieldError::new("fields", &FieldCode::Required.into())),
        None => Ok(out),
    }
}

fn check_value(field: &CustomField, value: &str) -> Result<(), Violation> {
    if value.is_empty() {
        return if field.required { Err(FieldCode::Required.into()) } else { Ok(()) };
    }
    match &field.kind {
        CustomFieldKind::SingleLine | CustomFieldKind::MultiLine => Ok(()),
        CustomFieldKind::Choice(options) if options.iter().any(|option| option.value == value) => Ok(()),
        CustomFieldKind::Choice(_) => Err(FieldCode::NotAllowed.into()),
        CustomFieldKind::Date if is_date(value) => Ok(()),
        CustomFieldKind::Date => Err(FieldCode::Malformed.because("this is not a date such as 2026-11-22")),
        CustomFieldKind::Number if value.len() <= 15 && value.parse::<i64>().is_ok() => Ok(()),
        CustomFieldKind::Number => Err(FieldCode::Malformed.because("this is not a whole number")),
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && shared::Timestamp::parse(&format!("{text}T00:00:00Z")).is_ok()
}

#[derive(Serialize, Deserialize)]
struct KeptField {
    id: u64,
    name: String,
    kind: String,
    #[serde(default)]
    options: Vec<(String, String)>,
    required: bool,
    sort_order: u64,
}

pub(super) fn to_json(fields: &[CustomField]) -> String {
    let kept: Vec<KeptField> = fields
        .iter()
        .map(|field| {
            let (kind, options) = match &field.kind {
                CustomFieldKind::SingleLine => ("line", Vec::new()),
                CustomFieldKind::MultiLine => ("text", Vec::new()),
                CustomFieldKind::Choice(options) => {
                    ("choice", options.iter().map(|option| (option.value.clone(), option.label.clone())).collect())
                }
                CustomFieldKind::Date => ("date", Vec::new()),
                CustomFieldKind::Number => ("number", Vec::new()),
            };
            KeptField {
                id: field.id.get(),
                name: field.name.clone(),
                kind: kind.to_owned(),
                options,
                required: field.required,
                sort_order: field.sort_order,
            }
        })
        .collect();
    serde_json::to_string(&kept).unwrap_or_default()
}

pub(super) fn from_json(json: &str) -> Vec<CustomField> {
    let kept: Vec<KeptField> = serde_json::from_str(json).unwrap_or_default();
    kept.into_iter()
        .filter_map(|field| {
            let kind = match field.kind.as_str() {
                "line" => CustomFieldKind::SingleLine,
                "text" => CustomFieldKind::MultiLine,
                "choice" => CustomFieldKind::Choice(
                    field.options.into_iter().map(|(value, label)| CustomFieldOption { value, label }).collect(),
                ),
                "date" => CustomFieldKind::Date,
                "number" => CustomFieldKind::Number,
                _ => return None,
            };
            let id = CustomFieldId::new(field.id)?;
            Some(CustomField { id, name: field.name, kind, required: field.required, sort_order: field.sort_order })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Vec<CustomField> {
        let field = |id, name: &str, kind, required| CustomField {
            id: CustomFieldId::new(id).unwrap(),
            name: name.into(),
            kind,
            required,
            sort_order: 0,
        };
        let choice = |labels: &[&str]| {
            let option = |(place, label): (usize, &&str)| CustomFieldOption {
                value: (place + 1).to_string(),
                label: (*label).to_owned(),
            };
            CustomFieldKind::Choice(labels.iter().enumerate().map(option).collect())
        };
        vec![
            field(18, "Topic", choice(&["Billing", "Other"]), true),
            field(19, "Account", CustomFieldKind::SingleLine, true),
            field(20, "Since", CustomFieldKind::Date, false),
            field(21, "How many", CustomFieldKind::Number, false),
            field(22, "How bad", choice(&["Bad", "Worse"]), false),
        ]
    }

    #[test]
    fn a_form_is_checked_and_translated() {
        let (ids, fields) = (DerivedIds::new([7; 32]), fields());
        let topic = ids.topic(fields[0].id, "1");
        let value = |place: usize, value: &str| FieldValue {
            field_id: ids.field(fields[place].id),
            value: Line::new(value).unwrap(),
        };
        let run = |topic, values: &[FieldValue]| {
            check(&ids, &fields, topic, values).map_err(|error| (error.field.into_string(), error.code))
        };
        let good =
            run(Some(topic), &[value(1, "1234"), value(2, "2026-02-28"), value(3, "-5"), value(4, "2")]).unwrap();
        assert_eq!(
            good.iter().map(|(id, value)| (id.get(), value.as_str())).collect::<Vec<_>>(),
            [(18, "1"), (19, "1234"), (20, "2026-02-28"), (21, "-5"), (22, "2")]
        );
        // Without a topic the form is taken, but not without what its other fields demand.
        assert_eq!(run(None, &[value(1, "1234")]).unwrap(), [(fields[1].id, "1234".to_owned())]);
        assert_eq!(run(None, &[]).unwrap_err(), ("fields".into(), FieldCode::Required));
        assert_eq!(run(Some(TopicId::from_bits(1)), &[]).unwrap_err(), ("topic_id".into(), FieldCode::NotAllowed));
        assert_eq!(run(Some(topic), &[]).unwrap_err(), ("fields".into(), FieldCode::Required));
        let account = value(1, "1");
        for (bad, expected) in [
            (value(2, "2026-02-30"), ("fields[1].value".to_owned(), FieldCode::Malformed)),
            (value(3, "many"), ("fields[1].value".to_owned(), FieldCode::Malformed)),
            (value(4, "3"), ("fields[1].value".to_owned(), FieldCode::NotAllowed)),
            (value(1, "2"), ("fields[1].field_id".to_owned(), FieldCode::Duplicate)),
            // The topic has a place of its own in the form.
            (value(0, "1"), ("fields[1].field_id".to_owned(), FieldCode::NotAllowed)),
        ] {
            assert_eq!(run(Some(topic), &[account.clone(), bad]).unwrap_err(), expected);
        }
        assert_eq!(run(Some(topic), &[value(1, "")]).unwrap_err(), ("fields[0].value".into(), FieldCode::Required));
    }

    #[test]
    fn kept_fields_come_back() {
        assert_eq!(from_json(&to_json(&fields())), fields());
        assert!(from_json("not json").is_empty());
    }
}
