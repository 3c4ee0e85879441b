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
    ("b-motion", "M150 82c4 4 6 9 6 15M118 84c2-5 6-9 11-11"),
];

pub(super) const EMPTY_SHEET: &[Part] = &[
    ("b-paper", "M52 106h48l10 10v38H52a4 4 0 0 1-4-4v-40a4 4 0 0 1 4-4Z"),
    ("b-crease", "M98 106v12h12Z"),
    ("b-rule", "M60 126h34M60 137h22"),
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
    ("b-warm", "M44 46c1-20 16-34 36-34s35 14 36 34c-11-6-23-8-36-8s-25 2-36 8Z"),
    ("b-brim", "M38 50c12-9 26-13 42-13s30 4 42 13"),
    ("b-ridge", "M72 36V13h16v23"),
];

pub(super) const WRENCH: &[Part] = &[
    ("b-tool", "M58 142l52-18"),
    ("b-prop", "M114 112c6-3 13-2 17 3l-9 4 2 7 10-2c-1 7-7 12-14 12-8 0-14-6-14-13 0-5 3-9 8-11Z"),
    ("b-paw", "M60 132c8-3 14 2 14 9s-6 12-14 9c-6-5-6-13 0-18Zm28-10c8-3 14 2 14 9s-6 12-14 9c-6-5-6-13 0-18Z"),
];

/// A crescent moon, two stars, and the letters of sleep.
pub(super) const MOON: &[Part] = &[
    ("b-warm", "M136 6a22 22 0 1 0 18 32 18 18 0 0 1-18-32Z"),
    ("b-warm", "m14 26 2 5 5 2-5 2-2 5-2-5-5-2 5-2Zm16-18 1.5 3.5L35 13l-3.5 1.5L30 18l-1.5-3.5L25 13l3.5-1.5Z"),
];

pub(super) const SIGNPOST: &[Part] =
    &[("b-post", "M24 20v134"), ("b-prop", "M10 26h36l10 9-10 9H10Z"), ("b-prop", "M42 50H14L4 59l10 9h28Z")];

/// A mug with a crack, and what has run out of it.
pub(super) const CUP: &[Part] = &[
    ("b-cloth", "M58 118h40v30a8 8 0 0 1-8 8H66a8 8 0 0 1-8-8Z"),
    ("b-handle-small", "M98 126h5a8 8 0 0 1 0 17h-5"),
    ("b-crack", "m76 118 5 11-7 6 8 8-4 8"),
    ("b-warm", "M52 158c2-4 12-4 16-2s10-2 16 0 10 0 12 2Z"),
];
