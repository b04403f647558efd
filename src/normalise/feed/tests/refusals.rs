//! Answers that are no feed are named as what they are.

use super::*;

#[test]
#[rustfmt::skip] // a table reads best with one row a line
fn what_is_no_feed_is_named() {
    for (id, bytes, want, note) in [
        ("empty", "", "an empty answer", "nothing"),
        ("blank", " \n ", "an empty answer", "white space"),
        ("html", "<!DOCTYPE html><html><head><title>Home &amp; more</title>", "an HTML page, titled \"Home & more\", not a feed", "a page"),
        ("html-bare", "<html><body>x", "an HTML page, not a feed", "no doctype"),
        ("html-comment", "<!-- x --><html>", "an HTML page, not a feed", "comment first"),
        ("xhtml", "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\" \"y\"><html xmlns=\"http://www.w3.org/1999/xhtml\">", "an HTML page, not a feed", "XHTML"),
        ("login", "<html><title>Sign in</title><input type=\"password\">", "a login page, titled \"Sign in\", not a feed", "login"),
        ("wall", "<html><title>Just a moment...</title>", "a bot wall (it wants a browser or a check that a person is there), titled \"Just a moment...\", not a feed", "bot wall"),
        ("denied", "<html><h1>403 Forbidden</h1>", "a page that denies access, not a feed", "denied"),
        ("404", "<html><title>Page not found</title>", "a page that says \"not found\", titled \"Page not found\", not a feed", "missing"),
        ("502", "<html><h1>502 Bad Gateway</h1>", "an error page of the server, not a feed", "server"),
        ("efetch", "<?xml version=\"1.0\"?><PubmedArticleSet><PubmedArticle/></PubmedArticleSet>", "PubMed records (an EFetch answer), not a feed; `roundup parse` without --feed reads them", "PubMed"),
        ("esearch", "<eSearchResult><Count>0</Count></eSearchResult>", "a PubMed search answer (ESearch), not a feed", "PubMed"),
        ("error", "<ERROR>ID list is empty</ERROR>", "an error message, not a feed: ID list is empty", "an error in XML"),
        ("s3", "<Error><Code>AccessDenied</Code></Error>", "an error message, not a feed: AccessDenied", "storage"),
        ("opml", "<opml version=\"2.0\"/>", "a list of feeds (OPML), not a feed itself", "list"),
        ("sitemap", "<urlset><url/></urlset>", "a site map, not a feed", "site map"),
        ("rdf", "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><x/></rdf:RDF>", "an RDF document without a channel or items, not a feed", "data"),
        ("xml", "<catalog><a/></catalog>", "an XML document <catalog>, not a feed", "other XML"),
        ("json-error", "{\"error\":\"API rate limit exceeded\"}", "a JSON answer that is no feed: API rate limit exceeded", "error"),
        ("json-errors", "{\"errors\":[{\"message\":\"no\"}]}", "a JSON answer that is no feed: no", "errors"),
        ("json", "{\"a\":1}", "JSON, but not a JSON Feed", "other JSON"),
        ("json-list", "[1,2]", "JSON, but not a JSON Feed", "list"),
        ("json-broken", "{\"a\":", "broken JSON, not a feed", "cut"),
        ("text", "Unable to route request!", "plain text, not a feed: \"Unable to route request!\"", "NCBI"),
        ("nbib", "PMID- 90000001\n", "references in MEDLINE form (.nbib), not a feed", "export"),
        ("ris", "TY  - JOUR\n", "references in RIS form, not a feed", "export"),
        ("pdf", "%PDF-1.7", "a PDF file, not a feed", "file"),
        ("zip", "PK\u{3}\u{4}x", "a ZIP file (or a Word, Excel or EPUB document), not a feed", "file"),
    ] {
        let got = read_feed(bytes.as_bytes(), Some("application/rss+xml"), "f").map(|_| ()).expect_err(id);
        assert_eq!(got.reason, want, "{id} ({note})");
    }
}

#[test]
fn content_types_are_not_believed() {
    for content_type in ["text/html", "application/octet-stream", "nonsense", ""] {
        assert!(read_feed(rss("<title>A</title>").as_bytes(), Some(content_type), "f").is_ok(), "{content_type}");
    }
}
