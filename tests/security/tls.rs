//! The line to every host is encrypted, and its certificate is looked at, against servers on this computer. The issuer
//! of the invented certificates is one that the program is told to trust, so that each case is refused for its own
//! reason; the good one shows that nothing else is in the way.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::support::Bench;

/// What the server answers to whoever trusts it.
const FEED: &str = "<rss version=\"2.0\"><channel><title>Feed</title><item><title>Kisumu</title>\
    <guid>a</guid></item></channel></rss>";

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls").join(name)
}

/// Starts a server that shows a certificate and answers every request with a feed; returns its port. It tells what
/// was asked of it once the line was encrypted.
fn server(certificate: &str) -> (u16, std::sync::mpsc::Receiver<String>) {
    let chain = vec![CertificateDer::from_pem_file(fixture(certificate)).unwrap()];
    let key = PrivateKeyDer::from_pem_file(fixture("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, asked) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            let mut head = [0; 4096];
            let Ok(read) = stream.read(&mut head) else { continue };
            let _ = tell.send(String::from_utf8_lossy(&head[..read]).into_owned());
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{FEED}",
                FEED.len()
            );
            let _ = stream.write_all(answer.as_bytes());
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    (port, asked)
}

#[test]
fn a_certificate_that_is_not_right_is_refused_by_every_request() {
    let issuer = fixture("issuer.pem").display().to_string();
    for (certificate, trusts_issuer, want, note) in [
        ("good.pem", true, None, "nothing else is in the way"),
        ("good.pem", false, Some("an issuer that this computer does not know"), "nobody vouches for the issuer"),
        ("self-signed.pem", true, Some("an issuer that this computer does not know"), "it vouches for itself"),
        ("other-host.pem", true, Some("made out for another host"), "another host's"),
        ("expired.pem", true, Some("has expired"), "an old one"),
        ("not-yet-valid.pem", true, Some("is not valid yet"), "one of later"),
    ] {
        let (port, asked) = server(certificate);
        let bench = Bench::new();
        let source = format!(
            "[roundup]\ncommunity = \"C\"\nname = \"N\"\n[[source]]\nid = \"feed\"\nkind = \"feed\"\n\
             url = \"https://localhost:{port}/feed.xml\"\nallow-private = true\n"
        );
        assert_eq!(bench.run(&["init", "."]).code, 0);
        bench.write("feeds.toml", source);
        // Another file of issuers, and not none: whether this computer has any is not to matter.
        let trusted = if trusts_issuer { issuer.clone() } else { fixture("other-issuer.pem").display().to_string() };
        let ran = bench.run_with(&["sources", "test", "feed"], &[("SSL_CERT_FILE", &trusted)]);
        let asked: Vec<String> = asked.try_iter().collect();
        match want {
            None => {
                assert_eq!(ran.code, 0, "{note}: {}", ran.all());
                assert!(ran.out.contains("Kisumu") && !asked.is_empty(), "{note}: {}", ran.all());
            }
            Some(want) => {
                assert_ne!(ran.code, 0, "{note}: {}", ran.all());
                assert!(ran.all().contains(want), "{note}: {}", ran.all());
                assert_eq!(asked, Vec::<String>::new(), "{note}: not a word is said before the host is known");
            }
        }
    }
}
