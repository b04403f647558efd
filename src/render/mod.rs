//! Turns an issue into email, text, page, archive, feed, citations and manifest.
