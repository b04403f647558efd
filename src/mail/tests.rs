//! What goes over the line, against a server that speaks SMTP on this computer (RFC 5321).

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use super::*;

/// A mail server that takes one email, or refuses at a word.
struct Server {
    at: MailServer,
    said: JoinHandle<Vec<String>>,
}

/// Starts a server that answers `refusal` to the command that begins with `refused`.
fn server(refused: &'static str, refusal: &'static str) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let said = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        talk(&stream, refused, refusal)
    });
    Server { at: MailServer { host: "127.0.0.1".to_owned(), port, user: Some("ada".to_owned()) }, said }
}

/// Speaks with a client; returns all lines that it said.
fn talk(mut stream: &TcpStream, refused: &str, refusal: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut reader = BufReader::new(stream);
    let mut is_text = false;
    stream.write_all(b"220 mail.example.org ESMTP\r\n").unwrap();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or_default() == 0 {
            return lines;
        }
        let line = line.trim_end_matches(['\r', '\n']).to_owned();
        // What belongs to the email is no order to the server.
        lines.push(if is_text && line != "." { format!("text: {line}") } else { line.clone() });
        let answer = match line.split(' ').next().unwrap_or_default() {
            "." if is_text => {
                is_text = false;
                "250 taken"
            }
            _ if is_text => continue,
            word if word == refused => refusal,
            "EHLO" => "250-mail.example.org\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            "AUTH" => "235 welcome",
            "DATA" => {
                is_text = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).unwrap();
    }
}

fn mail() -> Mail {
    Mail {
        from: ("Literature Roundup".to_owned(), "roundup@example.org".to_owned()),
        to: vec!["ada@example.org".to_owned(), "ben@example.org".to_owned()],
        subject: "The draft of October 2026 is ready".to_owned(),
        text: "It holds 30 papers.\nOpen it: roundup curate".to_owned(),
    }
}

fn password() -> Secret {
    Secret::new("sesame-open-0123".to_owned())
}

#[test]
fn an_email_is_handed_over_whole() {
    let server = server("never", "");
    send(&mail(), &server.at, Some(&password())).unwrap();
    let said = server.said.join().unwrap();
    let has = |want: &str| said.iter().any(|line| line.contains(want));
    for want in [
        "MAIL FROM:<roundup@example.org>",
        "RCPT TO:<ada@example.org>",
        "RCPT TO:<ben@example.org>",
        "Subject: The draft of October 2026 is ready",
        "From: \"Literature Roundup\" <roundup@example.org>",
        "Open it: roundup curate",
    ] {
        assert!(has(want), "{want}: {said:#?}");
    }
}

#[test]
fn what_a_server_refuses_is_told_without_the_password() {
    for (refused, refusal, want) in [
        ("AUTH", "535 no: sesame-open-0123", "535"),
        ("RCPT", "550 no such person", "550"),
        ("DATA", "452 the disk is full", "452"),
        ("EHLO", "421 too busy", "421"),
        ("AUTH", "535 you said AUTH PLAIN AGFkYQBzZXNhbWUtb3Blbi0wMTIz", "535"),
        ("AUTH", "535 you said c2VzYW1lLW9wZW4tMDEyMw==", "535"),
        ("AUTH", "535 you said YWRhOnNlc2FtZS1vcGVuLTAxMjM=", "535"),
        ("AUTH", "535 you said 736573616D652D6F70656E2D30313233", "535"),
    ] {
        let server = server(refused, refusal);
        let error = send(&mail(), &server.at, Some(&password())).unwrap_err().to_string();
        assert!(error.contains(want) || error.contains("secret") || error.contains("part of the key"), "{error}");
        let is_told = refusal.split(' ').any(|word| word.len() > 12 && error.contains(word));
        assert!(!error.contains("sesame") && !is_told, "{refused}: {error}");
        drop(server.said.join());
    }
}

#[test]
fn a_greeting_sends_nothing() {
    let server = server("never", "");
    greet(&server.at, Some(&password())).unwrap();
    let said = server.said.join().unwrap();
    assert!(said.iter().any(|line| line.starts_with("AUTH")), "name and password are tried: {said:#?}");
    assert!(!said.iter().any(|line| line.starts_with("MAIL") || line.starts_with("DATA")), "{said:#?}");
    for (refused, refusal) in [("AUTH", "535 no: sesame-open-0123"), ("EHLO", "421 too busy")] {
        let server = self::server(refused, refusal);
        let error = greet(&server.at, Some(&password())).unwrap_err().to_string();
        assert!(
            error.starts_with("the mail server 127.0.0.1 cannot be used: ") && !error.contains("sesame"),
            "{error}"
        );
        drop(server.said.join());
    }
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = MailServer { host: "127.0.0.1".to_owned(), port, user: None };
    let error = send(&mail(), &server, None).unwrap_err().to_string();
    assert!(error.starts_with("the mail server 127.0.0.1 did not take it"), "{error}");
}

#[test]
fn no_text_becomes_a_header_or_an_order_to_the_server() {
    for evil in [
        "ready\r\nBcc: eve@example.org",
        "ready\nX-Evil: 1",
        "ready\r\n.\r\nMAIL FROM:<eve@example.org>",
        "re\u{202e}ady\u{0}\u{1b}[2J",
    ] {
        let mail = Mail {
            from: (evil.to_owned(), "roundup@example.org".to_owned()),
            subject: evil.to_owned(),
            text: format!("{evil}\n.\n{evil}"),
            ..mail()
        };
        let whole = String::from_utf8(message(&mail).unwrap().formatted()).unwrap();
        let (head, body) = whole.split_once("\r\n\r\n").unwrap();
        assert!(!head.contains("\r\nBcc:") && !head.contains("\r\nX-Evil:"), "{head}");
        assert!(!whole.contains('\u{1b}') && !whole.contains('\u{202e}') && !whole.contains('\u{0}'), "{whole:?}");
        assert!(!body.is_empty());
        let server = server("never", "");
        send(&mail, &server.at, None).unwrap();
        let said = server.said.join().unwrap();
        assert_eq!(said.iter().filter(|line| line.starts_with("MAIL FROM:")).count(), 1, "{said:#?}");
        assert_eq!(said.iter().filter(|line| line.as_str() == ".").count(), 1, "a lone point is doubled: {said:#?}");
    }
    for evil in ["a@example.org\r\nBcc: eve@example.org", "no address", "<a@example.org>", ""] {
        let mail = Mail { to: vec![evil.to_owned()], ..mail() };
        assert!(matches!(message(&mail), Err(MailError::Address(_))), "{evil:?}");
    }
}

#[test]
fn a_server_elsewhere_is_never_spoken_to_in_the_clear() {
    // It listens on this computer, but is called by a name that is not this computer's by definition.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let said = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        talk(&stream, "STARTTLS", "454 no such thing here")
    });
    let server = MailServer { host: "mail.example.org".to_owned(), port, user: Some("ada".to_owned()) };
    for (host, want) in [
        ("localhost", true),
        ("127.0.0.2", true),
        ("::1", true),
        ("[::1]", true),
        ("mail.example.org", false),
        ("localhost.example.org", false),
        ("127.0.0.1.example.org", false),
        ("192.0.2.1", false),
    ] {
        assert_eq!(is_here(&MailServer { host: host.to_owned(), ..server.clone() }), want, "{host}");
    }
    // The same way as for a server elsewhere, led to this computer.
    let transport = SmtpTransport::starttls_relay("127.0.0.1").unwrap().port(port).timeout(Some(ANSWER_WAIT));
    let credentials = Credentials::new("ada".to_owned(), password().reveal().to_owned());
    let error = transport.credentials(credentials).build().send(&message(&mail()).unwrap());
    assert!(error.is_err());
    let said = said.join().unwrap();
    assert!(said.iter().all(|line| !line.starts_with("AUTH") && !line.starts_with("MAIL")), "{said:#?}");
}

#[test]
fn a_certificate_that_nobody_vouches_for_gets_no_word() {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    let fixture = |name: &str| format!("{}/tests/fixtures/tls/{name}", env!("CARGO_MANIFEST_DIR"));
    let chain = vec![CertificateDer::from_pem_file(fixture("good.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(fixture("server.key")).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = std::sync::Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let said = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"220 mail.example.org ESMTP\r\n").unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut lines = Vec::new();
        for answer in ["250-mail.example.org\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n", "220 go on\r\n"] {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            lines.push(line);
            stream.write_all(answer.as_bytes()).unwrap();
        }
        let mut tls = rustls::StreamOwned::new(rustls::ServerConnection::new(config).unwrap(), stream);
        // What comes behind the encryption, if anything does.
        let mut line = String::new();
        let _ = BufReader::new(&mut tls).read_line(&mut line);
        lines.push(line);
        lines
    });
    // The same way as for a server elsewhere, led to this computer.
    let transport = SmtpTransport::starttls_relay("127.0.0.1").unwrap().port(port).timeout(Some(ANSWER_WAIT));
    let credentials = Credentials::new("ada".to_owned(), password().reveal().to_owned());
    let error = transport.credentials(credentials).build().send(&message(&mail()).unwrap()).unwrap_err();
    let error = with_causes(&error);
    assert!(error.contains("certificate"), "{error}");
    let said = said.join().unwrap();
    assert!(said[0].starts_with("EHLO") && said[1].starts_with("STARTTLS"), "{said:?}");
    assert_eq!(said[2], "", "no key and no email, once the line is encrypted to nobody known");
}
