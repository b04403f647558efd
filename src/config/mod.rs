//! Turns `feeds.toml` and `topics.toml` into settings and rules, or into every problem found.
