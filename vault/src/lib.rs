//! The vault token taxonomy as software: registry, rules, live checks and rotation.
