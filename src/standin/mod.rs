//! A stand-in for PubMed and a few feeds on loopback, serving invented records for the demo and tests.
