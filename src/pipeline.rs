//! The sentence as functions: harvest, remerge, retag, draft, render. The only place where stages meet.
