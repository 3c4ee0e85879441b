//! What Bandz holds, wears or stands beside. The props say what the scene means.

use super::Part;

/// An edge to peek over, with one paw on it.
pub(super) const LEDGE: &[Part] = &[
    ("b-prop", "M14 128h132a6 6 0 0 1 6 6v22H8v-22a6 6 0 0 1 6-6Z"),
    ("b-edge", "M14 128h132a6 6 0 0 1 6 6v2H8v-2a6 6 0 0 1 6-6Z"),
    ("b-paw", "M40 122c0-6 5-9 11-9s11 3 11 9v10c0 3-4 3-4 0 0 4-5 4-5 0 0 4-5 4-5 0 0 3-8 4-8 0Z"),
];

/// The other paw, waving.
pub(super) const WAVE: &[Part] = &[
    ("b-fur", "M108 128c2-12 8-20 18-26l10 9c-8 5-12 11-12 19Z"),
    ("b-paw", "M124 104c-3-5-1-9 2-13-2-5 3-7 5-3 1-6 7-5 6 0 4-4 8-1 6 4 4-1 5 4 2 7-2 6-5 10-10 13-5 0-9-3-11-8Z"),
    ("b-motion", "M146 76c6 4 9 10 10 17M150 66c5 3 8 7 10 12"),
];

pub(super) const EMPTY_SHEET: &[Part] = &[
    ("b-paper", "M52 106h48l10 10v38H52a4 4 0 0 1-4-4v-40a4 4 0 0 1 4-4Z"),
    ("b-crease", "M98 106v12h12Z"),
    ("b-paw", "M44 120c7-2 13 2 13 8s-6 10-13 8c-6-4-6-12 0-16Zm72 2c-7-2-13 2-13 8s6 10 13 8c6-4 6-12 0-16Z"),
];

/// A magnifier before one eye, which it makes large.
pub(super) const MAGNIFIER: &[Part] = &[
    ("b-handle", "M117 93l16 28"),
    ("b-glass", "M102 52a23 23 0 1 1 0 46a23 23 0 0 1 0-46Z"),
    ("b-white", "M102 59a16 16 0 1 1 0 32a16 16 0 0 1 0-32Z"),
    ("b-ink", "M106 67a9.5 9.5 0 1 1 0 19a9.5 9.5 0 0 1 0-19Z"),
    ("b-white", "M109 70a3.5 3.5 0 1 1 0 7a3.5 3.5 0 0 1 0-7Z"),
    ("b-rim", "M102 52a23 23 0 1 1 0 46a23 23 0 0 1 0-46Z"),
    ("b-paw", "M122 114c4-6 12-6 16-1s3 13-4 15-14-2-14-8Z"),
    ("b-fur", "M104 140c4-10 10-16 18-19l8 8c-6 4-10 10-12 19Z"),
];

/// A tick on a disc, as on a ticket that is done, and a mug.
pub(super) const RESOLVED: &[Part] = &[
    ("b-disc", "M80 112a22 22 0 1 1 0 44a22 22 0 0 1 0-44Z"),
    ("b-tick", "m69 135 8 8 15-17"),
    ("b-paw", "M53 122c7-2 13 2 13 8s-6 10-13 8c-6-4-6-12 0-16Zm54 0c-7-2-13 2-13 8s6 10 13 8c6-4 6-12 0-16Z"),
];

pub(super) const ENVELOPE: &[Part] = &[
    ("b-paper", "M62 112h62a5 5 0 0 1 5 5v34a5 5 0 0 1-5 5H62a5 5 0 0 1-5-5v-34a5 5 0 0 1 5-5Z"),
    ("b-flap", "m59 115 34 24 34-24"),
    ("b-paw", "M52 126c7-2 14 2 14 8s-7 10-14 8c-6-4-6-12 0-16Z"),
    ("b-motion", "M20 116h20M12 130h24M22 144h16"),
];

pub(super) const SENT_ENVELOPE: &[Part] = &[
    ("b-paper", "M47 112h62a5 5 0 0 1 5 5v34a5 5 0 0 1-5 5H47a5 5 0 0 1-5-5v-34a5 5 0 0 1 5-5Z"),
    ("b-flap", "m44 115 34 24 34-24"),
    ("b-disc", "M114 130a15 15 0 1 1 0 30a15 15 0 0 1 0-30Z"),
    ("b-tick-small", "m107 145 5 5 9-10"),
    ("b-paw", "M40 124c7-2 14 2 14 8s-7 10-14 8c-6-4-6-12 0-16Z"),
];

/// A plug that has been pulled out of its socket.
pub(super) const CABLE: &[Part] = &[
    ("b-cable", "M6 150c10-14 22 4 34-8M154 150c-10-14-18 6-30-6"),
    ("b-prop", "M40 128h14a10 10 0 0 1 0 20H40Z"),
    ("b-prong", "M64 133h9m-9 10h9"),
    ("b-prop", "M120 126h-18a5 5 0 0 0-5 5v14a5 5 0 0 0 5 5h18Z"),
    ("b-spark", "m80 122 3 6m-3 26 3-6m4-20-2 20"),
    ("b-paw", "M38 122c8-3 14 2 14 9s-6 12-14 9c-6-5-6-13 0-18Zm84 0c-8-3-14 2-14 9s6 12 14 9c6-5 6-13 0-18Z"),
];

pub(super) const HELMET: &[Part] = &[
    ("b-warm", "M42 49c0-23 16-38 38-38s38 15 38 38c-11-6-24-9-38-9s-27 3-38 9Z"),
    ("b-ridge", "M68 40V15m24 25V15"),
    ("b-warm", "M71 8h18a3 3 0 0 1 3 3v29H68V11a3 3 0 0 1 3-3Z"),
    ("b-brim", "M36 52c12-9 27-13 44-13s32 4 44 13"),
];

pub(super) const WRENCH: &[Part] = &[
    ("b-tool", "m60 148 55-27"),
    ("b-jaw", "M126 101a14 14 0 1 0 15 21"),
    ("b-paw", "M66 134c8-3 14 2 14 9s-6 12-14 9c-6-5-6-13 0-18Zm28-13c8-3 14 2 14 9s-6 12-14 9c-6-5-6-13 0-18Z"),
];

/// A crescent moon and the letters of sleep.
pub(super) const MOON: &[Part] =
    &[("b-warm", "M141 2a17 17 0 1 0 17 24 14 14 0 0 1-17-24Z"), ("b-letters", "M8 44h12L8 58h12M24 22h8l-8 10h8")];

pub(super) const SIGNPOST: &[Part] = &[
    ("b-post", "M30 84v70"),
    ("b-board", "M12 90h42l11 10-11 10H12Z"),
    ("b-edge", "M56 115H16L4 125l12 10h40Z"),
    ("b-paw", "M54 142c8-3 13 1 13 7s-5 9-13 7c-5-4-5-10 0-14Z"),
];

/// A mug with a crack, and what has run out of it.
pub(super) const CUP: &[Part] = &[
    ("b-cloth", "M58 118h40v30a8 8 0 0 1-8 8H66a8 8 0 0 1-8-8Z"),
    ("b-handle-small", "M98 126h5a8 8 0 0 1 0 17h-5"),
    ("b-crack", "m76 118 5 11-7 6 8 8-4 8"),
    ("b-warm", "M52 158c2-4 12-4 16-2s10-2 16 0 10 0 12 2Z"),
];
