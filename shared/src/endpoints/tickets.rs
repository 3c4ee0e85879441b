//! Tickets: the list, the thread, and what a customer does with them.

mod list;
mod thread;
mod write;

pub use list::{
    Count, Cursor, ListQuery, PageSize, Snippet, Sort, StatusCounts, StatusFilter, ThreadPageSize, TicketPage,
    TicketSummary,
};
pub use thread::{
    Attachment, Author, AuthorKind, Capabilities, Delivery, DeliveryState, FilledField, Message, Rating, Subject,
    ThreadQuery, Ticket, TicketState, TicketStatus,
};
pub use write::{
    FieldValue, MessageText, NewRating, NewReply, NewTicket, ReadMarker, RequestedStatus, Score, StatusChange,
};

use crate::body::{json_requests, json_responses};
use crate::endpoint::endpoint;
use crate::id::{MessageId, TicketId};
use crate::params::path_params;

endpoint! {
    /// Lists the customer's tickets.
    ListTickets = "listTickets": Get "/api/v1/support/tickets", Bearer, Read => 200, query ListQuery, response TicketPage;
    "The customer's tickets, a page at a time, with the number in each status."
}

endpoint! {
    /// Opens a ticket.
    CreateTicket = "createTicket": Post "/api/v1/support/tickets", Bearer, Write => 201, request NewTicket, response TicketSummary, idempotent true;
    "Opens a ticket. 202 with `accepted_unconfirmed` when it was kept and could not be delivered yet."
}

endpoint! {
    /// Reads a ticket and its thread.
    GetTicket = "getTicket": Get "/api/v1/support/tickets/{ticket_id}", Bearer, Read => 200, path TicketPath, query ThreadQuery, response Ticket;
    "A ticket and its thread, oldest message first; a long thread comes in pages, the newest page first."
}

endpoint! {
    /// Replies.
    Reply = "reply": Post "/api/v1/support/tickets/{ticket_id}/replies", Bearer, Write => 201, path TicketPath, request NewReply, response Message, idempotent true;
    "Replies. The message leaves after a few seconds, until when it can be withdrawn; see its `delivery`."
}

endpoint! {
    /// Takes a reply back before it leaves.
    WithdrawReply = "withdrawReply": Delete "/api/v1/support/tickets/{ticket_id}/replies/{message_id}", Bearer, Write => 204, path MessagePath;
    "Withdraws a reply that has not left yet. 409 with `in_progress` when it is too late."
}

endpoint! {
    /// Resolves or reopens.
    SetStatus = "setStatus": Put "/api/v1/support/tickets/{ticket_id}/status", Bearer, Write => 200, path TicketPath, request StatusChange, response TicketState;
    "Marks a ticket as resolved, or opens it again."
}

endpoint! {
    /// Moves the read marker.
    MarkRead = "markRead": Put "/api/v1/support/tickets/{ticket_id}/read", Bearer, Write => 204, path TicketPath, request ReadMarker;
    "Says up to when the thread has been read. The marker never moves back."
}

endpoint! {
    /// Rates the help.
    Rate = "rate": Put "/api/v1/support/tickets/{ticket_id}/rating", Bearer, Write => 200, path TicketPath, request NewRating, response Rating;
    "Rates how the ticket was handled; may be changed later."
}

path_params! {
    /// The path of one ticket.
    TicketPath {
        /// The ticket.
        ticket_id: TicketId,
    }
}

path_params! {
    /// The path of one message.
    MessagePath {
        /// The ticket.
        ticket_id: TicketId,
        /// The message.
        message_id: MessageId,
    }
}

json_requests! {
    NewTicket: 128 * 1024;
    NewReply: 128 * 1024;
    StatusChange: 256;
    ReadMarker: 256;
    NewRating: 8 * 1024;
}

json_responses! {
    TicketPage: 512 * 1024;
    TicketSummary: 16 * 1024;
    Ticket: 4 * 1024 * 1024;
    Message: 1024 * 1024;
    TicketState: 1024;
    Rating: 8 * 1024;
}
