//! A stand-in for the private help desk that behaves as badly as the real one.
