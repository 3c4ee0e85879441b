//! `/api/customers`

use super::{
    ApiResult, body,
    body::Input,
    created,
    errors::ApiError,
    no_content, ok,
    paging::{Paging, Parameters},
    php,
    resource_id::ResourceId,
    wire,
};
use crate::{
    clock::parse_time,
    desk::{Desk, model::Customer, tie_break},
};
use axum::{
    body::Bytes,
    extract::{Query, State},
};
use std::{cmp::Reverse, sync::Arc};

pub(crate) async fn list(State(desk): State<Arc<Desk>>, Query(parameters): Query<Parameters>) -> ApiResult {
    let paging = Paging::from_parameters(&parameters)?;
    let given = |name: &str| parameters.get(name).filter(|text| php::is_given(text));
    let updated_since = given("updatedSince").map(|text| parse_time(text).ok_or(ApiError::Server)).transpose()?;
    let same = |filter: Option<&String>, value: &str| filter.is_none_or(|text| text.eq_ignore_ascii_case(value));
    let matches = |customer: &&Customer| {
        same(given("firstName"), &customer.first_name)
            && same(given("lastName"), &customer.last_name)
            && given("email").is_none_or(|email| customer.has_email(email))
            && given("phone").is_none_or(|phone| customer.phones.contains(phone))
            && updated_since.is_none_or(|since| customer.updated_at >= since)
    };
    Ok(desk.read(|state| {
        let mut found: Vec<&Customer> = state.customers.values().filter(matches).collect();
        found.sort_by_key(|customer| (Reverse(customer.created_at), tie_break(customer.id)));
        match given("sortField").map(String::as_str) {
            Some("firstName") => found.sort_by(|left, right| right.first_name.cmp(&left.first_name)),
            Some("lastName") => found.sort_by(|left, right| right.last_name.cmp(&left.last_name)),
            Some("updatedAt") => found.sort_by_key(|customer| Reverse(customer.updated_at)),
            _ => {}
        }
        if given("sortOrder").is_some_and(|order| order.eq_ignore_ascii_case("asc")) {
            found.reverse();
        }
        let total = found.len();
        let renderer = desk.renderer(state);
        let page = paging.slice(found).into_iter().map(|customer| renderer.customer(customer, false)).collect();
        ok(&wire::Page::new("customers", page, total, paging))
    }))
}

pub(crate) async fn get(State(desk): State<Arc<Desk>>, ResourceId(id): ResourceId) -> ApiResult {
    desk.read(|state| {
        let customer = state.customers.get(&id).ok_or(ApiError::NotFound)?;
        Ok(ok(&desk.renderer(state).customer(customer, true)))
    })
}

pub(crate) async fn create(State(desk): State<Arc<Desk>>, body: Bytes) -> ApiResult {
    let input = Input::parse(&body);
    let new = body::customer_from(|name| input.get(name));
    let id = desk.commit(|transaction| transaction.create_customer(new))?;
    desk.read(|state| {
        let customer = state.customers.get(&id).ok_or(ApiError::Server)?;
        Ok(created(id, &desk.renderer(state).customer(customer, true)))
    })
}

pub(crate) async fn update(State(desk): State<Arc<Desk>>, ResourceId(id): ResourceId, body: Bytes) -> ApiResult {
    let input = Input::parse(&body);
    let new = body::customer_from(|name| input.get(name));
    let emails = input.get("emails").map(|_| new.emails.clone());
    let set = |target: &mut String, name: &str| {
        if let Some(text) = input.text(name) {
            *target = text.chars().take(40).collect();
        }
    };
    desk.commit(|transaction| {
        transaction.update_customer(id, emails, input.addresses("emails_add"), |customer| {
            set(&mut customer.first_name, "firstName");
            set(&mut customer.last_name, "lastName");
            customer.company = new.company.or(customer.company.take());
            customer.job_title = new.job_title.or(customer.job_title.take());
            customer.notes = new.notes.or(customer.notes.take());
            if !new.phones.is_empty() {
                customer.phones = new.phones;
            }
        })
    })?;
    Ok(no_content())
}
