//! The search index, derived from the store. The only module that knows tantivy.
