//! The steps of the database's schema.

/// Every schema step in order; the database's `user_version` counts those done. Steps are appended,
/// never edited.
pub(super) const SCHEMA: &[&str] = &[
    include_str!("schema/001_begin.sql"),
    include_str!("schema/002_identity.sql"),
    include_str!("schema/003_links.sql"),
    include_str!("schema/004_tag_words.sql"),
    include_str!("schema/005_choices.sql"),
    include_str!("schema/006_listing.sql"),
    include_str!("schema/007_draft_pending.sql"),
    include_str!("schema/008_unlisted.sql"),
    include_str!("schema/009_draft_versions.sql"),
    include_str!("schema/010_outbox.sql"),
    include_str!("schema/011_outbox_filling.sql"),
    include_str!("schema/012_timetable.sql"),
    include_str!("schema/013_reminders.sql"),
    include_str!("schema/014_reminder_kinds.sql"),
];
