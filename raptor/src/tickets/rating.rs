//! Ratings.

use shared::ProblemCode;
use shared::endpoints::tickets::{Rate, Rating};
use shared::rich_text::{Block, Inline, RichText};

use crate::app::App;
use crate::http::{Answer, Call, Handler, Refusal};
use crate::store::StoredRating;

impl Handler<Rate> for App {
    async fn handle(&self, call: Call<Rate>) -> Result<Answer<Rating>, Refusal> {
        let customer = call.customer()?;
        let ticket = self.store.ticket(customer, call.path.ticket_id).await?.ok_or_else(Refusal::not_found)?;
        let Some(conversation) = ticket.conversation else { return Err(ProblemCode::InProgress.into()) };
        let rating = StoredRating { score: call.body.score, comment: call.body.comment.clone(), rated_at: self.now() };
        let news = self.store.rate(ticket.id, &rating).await?;
        // The same rating again keeps the time of the first.
        let rating = self.store.rating(ticket.id).await?.unwrap_or(rating);
        // The team learns of it by a note, where Raptor has an account to write one; the rating itself is kept here.
        let profile = self.store.customer(customer).await?;
        if let (true, Some(desk_id), Some(_)) =
            (news, profile.and_then(|profile| profile.helpdesk_id), self.desk.settings().portal_agent)
        {
            let comment = rating.comment.as_ref().map_or("", |comment| comment.as_str());
            let text = format!("The customer rated this: {}. {comment}", rating.score.as_str());
            let desk = self.desk.clone();
            let note = RichText::new(vec![Block::Paragraph(vec![Inline::Text(text)])]).unwrap_or_default();
            tokio::spawn(async move {
                if let Err(error) = desk.add_note(desk_id, conversation, &note).await {
                    tracing::warn!(%error, "the team could not be told of a rating");
                }
            });
        }
        Ok(Answer::new(Rating { score: rating.score, comment: rating.comment, rated_at: rating.rated_at }))
    }
}
