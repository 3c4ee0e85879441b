//! The one driver of this repository: dev, test, build, size, bench, conformance and deploy.

fn main() {}
