//! Asks the sources: PubMed, feeds, pages, folders. The only module that knows HTTP.
