//! The routes of topics and notices.

use shared::endpoints::desk::{ListNotices, ListTopics, Notices, Topic, Topics};
use shared::{Line, List};

use super::{fields, topic_field};
use crate::app::App;
use crate::http::{Answer, Call, Handler, Refusal};

impl Handler<ListTopics> for App {
    async fn handle(&self, _: Call<ListTopics>) -> Result<Answer<Topics>, Refusal> {
        let known = self.topics.fields().await;
        let Some((field, options)) = topic_field(&known) else {
            return Ok(Answer::new(Topics { items: List::default() }));
        };
        let others: Vec<_> = known
            .iter()
            .filter(|other| other.id != field.id)
            .filter_map(|other| fields::shown(&self.ids, self.desk.names(), other))
            .collect();
        let items = options
            .iter()
            .filter_map(|option| {
                Some(Topic {
                    id: self.ids.topic(field.id, &option.value),
                    label: Line::fitted(&self.desk.names().of_team().clean(&option.label))?,
                    hint: self.topics.content.hints.get(&option.label).cloned(),
                    fields: List::fitted(others.clone()),
                })
            })
            .collect();
        Ok(Answer::new(Topics { items: List::fitted(items) }))
    }
}

impl Handler<ListNotices> for App {
    async fn handle(&self, _: Call<ListNotices>) -> Result<Answer<Notices>, Refusal> {
        Ok(Answer::new(Notices { items: List::fitted(self.topics.content.notices(self.now())) }))
    }
}
