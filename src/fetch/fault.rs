//! From a fault of the transport to words that a secretariat understands.

use std::error::Error;
use std::io::ErrorKind;

use rustls::CertificateError;

use super::FetchError;

/// Why a name was not looked up to an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum LookupError {
    /// It leads to where we do not ask.
    #[error("{0}")]
    Blocked(String),
    /// Nobody knows it.
    #[error("the name is unknown")]
    Unknown,
}

/// Returns the error that a fault of the transport stands for.
pub(super) fn of(url: &url::Url, error: &reqwest::Error) -> FetchError {
    let url = url.to_string();
    let causes = causes(error);
    for cause in &causes {
        if let Some(lookup) = cause.downcast_ref::<LookupError>() {
            return match lookup {
                LookupError::Blocked(reason) => FetchError::Refused { url, reason: reason.clone() },
                LookupError::Unknown => FetchError::NoName { url },
            };
        }
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return FetchError::Insecure { url, reason: of_tls(tls) };
        }
    }
    if error.is_timeout() {
        return FetchError::Slow { url };
    }
    for cause in &causes {
        match cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
            Some(ErrorKind::TimedOut) => return FetchError::Slow { url },
            Some(ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown) => {
                return FetchError::Offline { url };
            }
            _ => {}
        }
    }
    FetchError::Transport { url, reason: of_transport(&causes) }
}

/// Returns an error and its causes, from the outside in. What an I/O error wraps is counted as a
/// cause: `source` would skip it.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    /// More causes than any fault has.
    const CAUSES_MAX: usize = 32;
    let mut out = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next.filter(|_| out.len() < CAUSES_MAX) {
        out.push(cause);
        let wrapped = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => cause.source(),
        };
    }
    out
}

/// Returns what is wrong with an encrypted connection.
fn of_tls(error: &rustls::Error) -> String {
    let certificate = match error {
        rustls::Error::InvalidCertificate(certificate) => certificate,
        rustls::Error::InvalidMessage(_) => return "what answers there does not speak https".to_owned(),
        rustls::Error::AlertReceived(_) | rustls::Error::PeerIncompatible(_) => {
            return "it and roundup know no common way of encryption".to_owned();
        }
        _ => return "the encrypted connection could not be made".to_owned(),
    };
    match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet; is this computer's clock right?"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is made out for another host"
        }
        CertificateError::UnknownIssuer => "its certificate comes from an issuer that this computer does not know",
        CertificateError::Revoked => "its certificate has been withdrawn by its issuer",
        _ => "its certificate is not right",
    }
    .to_owned()
}

/// What faults of connections are called by hyper, and what they are for people.
const WORDS: &[(&str, &str)] = &[
    ("end of file before message length", "it is cut off before the length that it had announced"),
    ("unexpected EOF", "it is cut off"),
    ("connection closed before message completed", "the host closed the connection before it had answered"),
    ("chunk", "it is damaged: its parts are not as long as they say"),
    ("message head is too large", "it begins with more headers than we take"),
    ("invalid HTTP", "what came is no web answer"),
    ("invalid content-length", "it does not say its length rightly"),
    ("transfer-encoding", "it does not say rightly how it is sent"),
    ("unexpected message", "what came is no web answer"),
    ("http2", "the connection broke off"),
    ("handshake eof", "the host closed the connection before it was encrypted"),
];

/// Returns what broke, from the innermost cause that has a name.
fn of_transport(causes: &[&(dyn Error + 'static)]) -> String {
    for cause in causes.iter().rev() {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            match io.kind() {
                ErrorKind::ConnectionRefused => return "the host refuses connections".to_owned(),
                ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
                    return "the connection broke off".to_owned();
                }
                _ => {}
            }
        }
        let text = cause.to_string();
        if let Some((_, words)) = WORDS.iter().find(|(technical, _)| text.contains(technical)) {
            return (*words).to_owned();
        }
    }
    let deepest = causes.last().map(ToString::to_string).unwrap_or_default();
    format!("the connection failed ({deepest})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_certificate_is_said() {
        let cases = [
            (CertificateError::Expired, "has expired"),
            (CertificateError::NotValidYet, "clock"),
            (CertificateError::NotValidForName, "another host"),
            (CertificateError::UnknownIssuer, "issuer that this computer does not know"),
            (CertificateError::Revoked, "withdrawn"),
            (CertificateError::BadSignature, "not right"),
        ];
        for (error, want) in cases {
            assert!(of_tls(&rustls::Error::InvalidCertificate(error)).contains(want), "{want}");
        }
    }

    #[test]
    fn the_innermost_cause_that_has_a_name_is_told() {
        let reset = std::io::Error::from(ErrorKind::ConnectionReset);
        assert_eq!(of_transport(&[&reset]), "the connection broke off");
        let wrapped = std::io::Error::other(std::io::Error::other(LookupError::Unknown));
        assert_eq!(causes(&wrapped).len(), 3);
        let other = std::io::Error::other("strange thing");
        assert_eq!(of_transport(&causes(&other)), "the connection failed (strange thing)");
    }
}
