//! Bearer authentication between two services, rotated without a restart (ADR 0056).
