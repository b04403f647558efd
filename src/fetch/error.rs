//! Why there is no answer, in words that somebody who is no programmer can act on.

/// Why there is no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FetchError {
    /// The address may not be asked.
    #[error("{url} is not asked: {reason}")]
    Refused {
        /// The address.
        url: String,
        /// Why not.
        reason: String,
    },
    /// The host answered with another status.
    #[error("{url} answered {status}{}", hint(*status))]
    Status {
        /// The address.
        url: String,
        /// The status.
        status: u16,
        /// `Retry-After` in seconds, where it was said.
        retry_after_s: Option<u64>,
        /// The beginning of the body, for what the host says about it.
        said: String,
    },
    /// The host wants to see a browser, or a person, before it answers.
    #[error(
        "{url} answered {status} with a bot wall: it wants a browser or a check that a person is there; \
         ask its owner to let roundup in, or look for another feed"
    )]
    BotWall {
        /// The address.
        url: String,
        /// The status.
        status: u16,
    },
    /// The host has asked for a pause, and it is longer than we wait.
    #[error("{url} is not asked now: {host} wants no requests for {}", duration(*wait_s))]
    Paused {
        /// The address.
        url: String,
        /// The host.
        host: String,
        /// How long still, in seconds.
        wait_s: u64,
    },
    /// No complete answer came.
    #[error("{url} gave no complete answer: {reason}")]
    Transport {
        /// The address.
        url: String,
        /// Why not.
        reason: String,
    },
    /// The answer did not come in time. Asking again would take as long again, so it is left for the
    /// next run.
    #[error("{url} took too long to answer")]
    Slow {
        /// The address.
        url: String,
    },
    /// The connection cannot be trusted.
    #[error("{url} cannot be asked safely: {reason}")]
    Insecure {
        /// The address.
        url: String,
        /// What is wrong with its certificate or encryption.
        reason: String,
    },
    /// The host's name is unknown here and now, or no way leads to it.
    #[error("{url}: the name of the host could not be looked up; is this computer online?")]
    NoName {
        /// The address.
        url: String,
    },
    /// No way leads to the host.
    #[error("{url}: no way leads to the host; is this computer online?")]
    Offline {
        /// The address.
        url: String,
    },
    /// The answer is larger than we take.
    #[error("{url} answered with more than {} MiB", bytes_max >> 20)]
    TooLarge {
        /// The address.
        url: String,
        /// The most bytes that are taken there.
        bytes_max: usize,
    },
}

/// Returns what a status usually means, for people.
fn hint(status: u16) -> &'static str {
    match status {
        204 => " (nothing to give)",
        206 => " (with a part only, which was not asked for)",
        200..=299 => " (an answer without what was asked for)",
        300..=399 => " (a redirect we do not follow)",
        400 => " (it does not understand the question)",
        401 => " (it wants a login)",
        402 => " (it wants to be paid)",
        403 => " (not allowed; perhaps it lets no programs in)",
        404 => " (not found; the address may have changed)",
        407 => " (the proxy wants a login)",
        410 => " (gone for good)",
        416 => " (it refuses a part that was not asked for)",
        429 => " (asked too often)",
        451 => " (withheld for legal reasons)",
        500..=599 => " (the host has a fault)",
        _ => "",
    }
}

/// Returns a duration in words, rounded up.
fn duration(seconds: u64) -> String {
    let plural = |n: u64, unit: &str| if n == 1 { format!("another {unit}") } else { format!("another {n} {unit}s") };
    match seconds {
        0..=90 => plural(seconds, "second"),
        91..=5_400 => plural(seconds.div_ceil(60), "minute"),
        _ => plural(seconds.div_ceil(3_600), "hour"),
    }
}

impl FetchError {
    /// Tells whether asking again a little later makes sense.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Status { status, said, .. } => {
                matches!(status, 408 | 425 | 429 | 500..=599) || (*status == 400 && said.contains("proxy_stream"))
            }
            Self::Transport { .. } => true,
            Self::Refused { .. }
            | Self::TooLarge { .. }
            | Self::Slow { .. }
            | Self::NoName { .. }
            | Self::Offline { .. }
            | Self::BotWall { .. }
            | Self::Paused { .. }
            | Self::Insecure { .. } => false,
        }
    }

    /// Returns how long the host wants to be left alone, in seconds, where it has said so.
    pub fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Status { retry_after_s, .. } => *retry_after_s,
            Self::Paused { wait_s, .. } => Some(*wait_s),
            _ => None,
        }
    }

    /// Tells whether the fault is this computer's rather than the host's.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::NoName { .. } | Self::Offline { .. })
    }

    /// Returns the error without some texts: a host may repeat the key that it was sent.
    pub(super) fn without(self, secrets: &[String]) -> Self {
        let clean = |text: String| secrets.iter().fold(text, |t, s| t.replace(s.as_str(), "(secret)"));
        match self {
            Self::Refused { url, reason } => Self::Refused { url: clean(url), reason: clean(reason) },
            Self::Status { url, status, retry_after_s, said } => {
                Self::Status { url: clean(url), status, retry_after_s, said: clean(said) }
            }
            Self::Transport { url, reason } => Self::Transport { url: clean(url), reason: clean(reason) },
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_said_in_words() {
        for (seconds, want) in [
            (1, "another second"),
            (59, "another 59 seconds"),
            (3_600, "another 60 minutes"),
            (3_540, "another 59 minutes"),
            (86_400, "another 24 hours"),
        ] {
            assert_eq!(duration(seconds), want, "{seconds}");
        }
    }

    #[test]
    fn only_passing_faults_are_tried_again() {
        let answered = |status: u16, said: &str| FetchError::Status {
            url: String::new(),
            status,
            retry_after_s: None,
            said: said.to_owned(),
        };
        for (status, said, want, note) in [
            (429, "", true, "asked too often"),
            (500, "", true, ""),
            (502, "", true, ""),
            (503, "", true, ""),
            (408, "", true, "the host waited too long for us"),
            (400, "", false, "the question is wrong"),
            (400, "<ERROR>x proxy_stream() y</ERROR>", true, "NCBI hands a fault behind it on as 400"),
            (400, "ID list is empty! Possibly it has no correct IDs.", false, "nothing found"),
            (401, "", false, ""),
            (403, "", false, ""),
            (404, "", false, ""),
            (410, "", false, ""),
            (204, "", false, ""),
        ] {
            assert_eq!(answered(status, said).is_passing(), want, "{status} {said} {note}");
        }
    }
}
