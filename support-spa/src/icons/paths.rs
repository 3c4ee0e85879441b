//! The drawings. Interface icons are strokes of 1.75 on a grid of 24; glyphs are lines and areas on a grid of 16.

use shared::endpoints::tickets::TicketStatus;

macro_rules! icons {
    ($($(#[$doc:meta])+ $name:ident = $path:literal),+ $(,)?) => {
        /// An interface icon.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Icon {
            $($(#[$doc])+ $name,)+
        }

        impl Icon {
            /// Every icon, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its strokes.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self {
                    $(Self::$name => $path,)+
                }
            }
        }
    };
}

icons! {
    /// A magnifier.
    Search = "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13Zm4.7 11.2 5.3 5.3",
    /// A cross: close, remove, clear.
    Close = "m6 6 12 12M18 6 6 18",
    /// A plus.
    Plus = "M12 5v14M5 12h14",
    /// An arrow towards the start of the line: back. Mirrored from right to left.
    Back = "M19 12H5m6-6-6 6 6 6",
    /// An angle towards the end of the line.
    Next = "m9 5 7 7-7 7",
    /// An angle downwards.
    Down = "m5 9 7 7 7-7",
    /// An arrow downwards: jump to the newest.
    ToNewest = "M12 5v14m6-6-6 6-6-6",
    /// A tick.
    Tick = "m5 12.5 4.5 4.5L19 7.5",
    /// Two ticks: delivered.
    Delivered = "m2.5 12.5 4.5 4.5L16 8m-4.5 8.5.5.5 9-9",
    /// A clock: waiting to leave.
    Clock = "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16Zm0 3.5V12l3 2",
    /// A warning triangle.
    Warning = "M12 4 3 20h18L12 4Zm0 6v4.5m0 2.6v.1",
    /// A circle with an i.
    Info = "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17ZM12 11v5.2m0-8.5v.1",
    /// Arrows in a circle: again.
    Retry = "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.2M20 4.5v4.7h-4.7",
    /// An arrow bent back: undo.
    Undo = "M9 6 4.5 10.5 9 15m-4-4.5h9.5a5 5 0 0 1 0 10H11",
    /// A paper plane.
    Send = "M20.5 3.5 3.5 10.2l6.8 3.5 3.5 6.8 6.7-17Zm-10 10 4.5-4.5",
    /// A paper clip.
    Attach = "m20 11.5-8.4 8.4a5.4 5.4 0 0 1-7.6-7.6l8.9-8.9a3.6 3.6 0 0 1 5.1 5.1l-8.9 8.9a1.8 1.8 0 0 1-2.6-2.6l8-7.9",
    /// A bin.
    Delete = "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.9 13h9.2l.9-13M10.2 11v5.5m3.6-5.5v5.5",
    /// A pencil.
    Edit = "M4 20h4.2L19.4 8.8l-4.2-4.2L4 15.8V20Zm9-13.2 4.2 4.2",
    /// An arrow into a tray: download.
    Download = "M12 4v11m4.8-4.6L12 15.2l-4.8-4.8M4.5 19.5h15",
    /// Two sheets: copy.
    Copy = "M9 9h10.5v10.5H9V9ZM15 9V4.5H4.5V15H9",
    /// Two links of a chain.
    Link = "m9.5 14.5 5-5M11 6.8l2.2-2.2a4.4 4.4 0 0 1 6.2 6.2L17.2 13M13 17.2l-2.2 2.2a4.4 4.4 0 0 1-6.2-6.2L6.8 11",
    /// A printer.
    Print = "M7 9V3.5h10V9M7 17H3.5V9h17v8H17M7 14h10v6.5H7V14Z",
    /// Sliders: settings.
    Settings = "M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.7a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6Zm-7 10a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6Z",
    /// A door with an arrow: sign out.
    SignOut = "M14 4H5v16h9M10 12h10.5m-3.8-3.8L20.5 12l-3.8 3.8",
    /// A person with a shield: my data.
    MyData = "M9.5 4a3.5 3.5 0 1 1 0 7a3.5 3.5 0 0 1 0-7ZM3.5 20a6 6 0 0 1 8.7-5.4M17 12.5l4 1.5v2.5c0 2.3-1.7 3.9-4 4.7-2.3-.8-4-2.4-4-4.7V14l4-1.5Z",
    /// A key: passkey.
    Passkey = "M8 4.5a4 4 0 1 1 0 8a4 4 0 0 1 0-8ZM2.5 20a5.5 5.5 0 0 1 9.2-4M17 8a3 3 0 0 1 1.5 5.6v1.6l1.3 1.3-1.3 1.3 1.3 1.4-1.9 1.8-1.4-1.5v-5.9A3 3 0 0 1 17 8Z",
    /// A plug that is pulled: offline.
    Offline = "M3 21l3.5-3.5m0 0 2 2 3.2-3.2-5-5-3.2 3.2 3 3ZM21 3l-3.5 3.5m-1.2 6.2 3.2-3.2-5-5-3.2 3.2 5 5Zm-7-.7 2-2m0 5 2-2",
    /// A speaking trumpet: notices.
    Notice = "M4 10v4h3l9 4.5v-13L7 10H4Zm15.5-.5a4 4 0 0 1 0 5M7.5 14.2l1.3 5.3h2.7l-1-3.8",
    /// People: participants.
    People = "M9 5a3.2 3.2 0 1 1 0 6.4A3.2 3.2 0 0 1 9 5ZM2.5 19.5a6.5 6.5 0 0 1 13 0M15.5 5.2a3.2 3.2 0 0 1 0 6M18 14a6.5 6.5 0 0 1 3.5 5.5",
    /// Text set off: quote.
    Quote = "M5 5v14M9.5 8H20M9.5 12H20m-10.5 4H16",
    /// B: bold.
    Bold = "M7.5 5h5.5a3.5 3.5 0 0 1 0 7H7.5V5Zm0 7h6.5a3.5 3.5 0 0 1 0 7H7.5v-7Z",
    /// I: italic.
    Italic = "M10 5h8M6 19h8m0-14-4 14",
    /// Angle brackets: code.
    Code = "m8.5 7.5-5 4.5 5 4.5m7-9 5 4.5-5 4.5m-2-11-3.2 13",
    /// A bulleted list.
    List = "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5v.1m0 5.4v.1m0 5.4v.1",
    /// An eye: preview.
    Preview = "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9.2a2.8 2.8 0 1 1 0 5.6a2.8 2.8 0 0 1 0-5.6Z",
    /// Arrows outwards: zoom.
    Zoom = "M14 4.5h5.5V10M10 19.5H4.5V14M19.5 4.5 13.5 10.5M4.5 19.5l6-6",
    /// An arrow out of a box: leaves the portal.
    External = "M13.5 4.5h6V10.5M19.5 4.5 11 13M17.5 14v5.5h-13v-13H10",
    /// Three dots: more.
    More = "M5 12v.1m7-.1v.1m7-.1v.1",
    /// A picture: image file.
    Image = "M4 5h16v14H4V5Zm0 11 4.5-4.5 3.5 3.5 3-3 5 5M15.5 8.5v.1",
    /// A sheet with a ribbon: PDF.
    Pdf = "M6 3.5h8l4 4v13H6v-17Zm8 0v4h4M9 17.5c2.5-1.5 4-5 3.5-6.5s-1.5 0-.7 1.5 2 2.8 3.7 2.7-3.5-.5-6.5 2.3Z",
    /// A sheet with lines: text.
    Text = "M6 3.5h8l4 4v13H6v-17Zm8 0v4h4M9 11.5h6M9 14.5h6M9 17.5h3.5",
    /// A grid: table.
    Table = "M4 5h16v14H4V5Zm0 4.7h16M4 14.3h16M10 9.7V19",
    /// A sheet: document.
    Document = "M6 3.5h8l4 4v13H6v-17Zm8 0v4h4M9 12h6M9 16h6",
    /// A box with a zip: archive.
    Archive = "M4 4.5h16V9H4V4.5ZM5.5 9v10.5h13V9M12 9v2m0 2v2",
    /// A note: audio.
    Audio = "M9 17.5V6l10-2v11.5M6.5 15a2.5 2.5 0 1 1 0 5a2.5 2.5 0 0 1 0-5Zm10-2a2.5 2.5 0 1 1 0 5a2.5 2.5 0 0 1 0-5Z",
    /// A film: video.
    Video = "M3.5 6h12v12h-12V6Zm12 4 5-3v10l-5-3",
    /// A sheet: any other file.
    File = "M6 3.5h8l4 4v13H6v-17Zm8 0v4h4",
    /// A happy face: great.
    Great = "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17ZM8 13.5a4.3 4.3 0 0 0 8 0M9 9v.5m6-.5v.5",
    /// A straight face: okay.
    Okay = "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17ZM8.5 15h7M9 9v.5m6-.5v.5",
    /// An unhappy face: not good.
    NotGood = "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17ZM8 16.3a4.3 4.3 0 0 1 8 0M9 9v.5m6-.5v.5",
}

/// Lines and area of a status's glyph: dashed ring, half-filled ring, triangle, ticked disc.
pub(super) const fn glyph(status: TicketStatus) -> (&'static str, &'static str) {
    match status {
        TicketStatus::Received => (
            "M9.5 2.2A6 6 0 0 1 12.2 3.7M13.8 6.5a6 6 0 0 1 0 3M12.2 12.3a6 6 0 0 1-2.7 1.5M6.5 13.8a6 6 0 0 1-2.7-1.5M2.2 9.5a6 6 0 0 1 0-3M3.8 3.7a6 6 0 0 1 2.7-1.5",
            "",
        ),
        TicketStatus::Working => ("M8 2a6 6 0 1 1 0 12a6 6 0 0 1 0-12Z", "M8 4.3a3.7 3.7 0 0 1 0 7.4Z"),
        TicketStatus::WaitingForYou => {
            ("", "M8 1.3c.5 0 .9.3 1.2.7l5.9 10.3c.5.9-.1 2-1.2 2H2.1c-1.1 0-1.7-1.1-1.2-2L6.8 2c.3-.4.7-.7 1.2-.7Z")
        }
        TicketStatus::Resolved => {
            ("", "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm3.7 4.1-4.7 5-2.2-2.2-1.2 1.2 3.5 3.5 5.9-6.3-1.3-1.2Z")
        }
    }
}

pub(super) const fn status_name(status: TicketStatus) -> &'static str {
    match status {
        TicketStatus::Received => "received",
        TicketStatus::Working => "working",
        TicketStatus::WaitingForYou => "waiting",
        TicketStatus::Resolved => "resolved",
    }
}
