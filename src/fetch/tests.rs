use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// Answers with one fault so many times, then well.
struct Faulty {
    left: AtomicU32,
    asked: AtomicU32,
    fault: FetchError,
}

impl Faulty {
    fn new(times: u32, fault: FetchError) -> Self {
        Self { left: AtomicU32::new(times), asked: AtomicU32::new(0), fault }
    }
}

impl Fetch for Faulty {
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let left = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
            if left.is_ok() {
                return Err(self.fault.clone());
            }
            let url = request.url.clone();
            Ok(Response { status: 200, url, moved_to: None, headers: BTreeMap::new(), body: b"good".to_vec() })
        })
    }

    fn limits(&self) -> Limits {
        Limits { pause_first: Duration::from_micros(10), pause_longest: Duration::from_millis(5), ..Limits::USUAL }
    }
}

fn url() -> String {
    "https://example.org/feed".to_owned()
}

fn status(status: u16, retry_after_s: Option<u64>) -> FetchError {
    FetchError::Status { url: url(), status, retry_after_s, said: String::new() }
}

#[tokio::test]
async fn passing_faults_are_outlasted_and_others_are_not_repeated() {
    let broken = FetchError::Transport { url: url(), reason: "the connection broke off".to_owned() };
    let cases = [
        (0, broken.clone(), true, 1, "nothing is wrong"),
        (1, broken.clone(), true, 2, ""),
        (3, broken.clone(), true, 4, ""),
        (4, broken, false, 4, "four tries"),
        (1, status(503, None), true, 2, ""),
        (1, status(429, None), true, 2, "PubMed does not say how long"),
        (1, status(429, Some(0)), true, 2, ""),
        (1, status(503, Some(3_600)), false, 1, "longer than we wait"),
        (1, status(404, None), false, 1, ""),
        (1, FetchError::Slow { url: url() }, false, 1, "it would take as long again"),
        (1, FetchError::TooLarge { url: url(), bytes_max: 1 << 20 }, false, 1, ""),
    ];
    for (times, fault, is_good, asked, note) in cases {
        let fetch = Faulty::new(times, fault.clone());
        let answer = fetch_patiently(&fetch, &Request::get(url()), &|_| Ok(())).await;
        let got = (answer.is_ok(), fetch.asked.load(Ordering::Relaxed));
        assert_eq!(got, (is_good, asked), "{fault:?} {note}");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_good_is_asked_for_again() {
    let fetch = Faulty::new(0, status(500, None));
    let error = fetch_patiently(&fetch, &Request::get(url()), &|_| Err("it is empty".to_owned())).await.unwrap_err();
    assert_eq!(error.to_string(), "https://example.org/feed gave no complete answer: it is empty");
    assert_eq!(fetch.asked.load(Ordering::Relaxed), 4);
}

#[test]
fn pauses_double_and_never_exceed_half_as_much_again() {
    let fault = FetchError::Transport { url: url(), reason: String::new() };
    for (attempt, least_ms) in [(1, 1_000), (2, 2_000), (3, 4_000)] {
        let pause = pause(&fault, "https://example.org/", attempt, &Limits::USUAL).as_millis();
        assert!((least_ms..least_ms + 500).contains(&pause), "{attempt}: {pause}");
    }
}

#[test]
fn secrets_are_in_no_debug_output_and_no_error() {
    let form = "db=pubmed&tool=roundup&email=a%40example.org&api_key=s3cr3t&term=x".to_owned();
    let request = Request { method: Method::PostForm(form), ..Request::get(url()) };
    let shown = format!("{request:?}");
    assert!(shown.contains("term=x") && !shown.contains("s3cr3t") && !shown.contains("example.org&"), "{shown}");
    assert_eq!(request.secrets(), ["a%40example.org", "a@example.org", "s3cr3t"]);
    let said = "{\"error\":\"API rate limit exceeded\",\"api-key\":\"s3cr3t\"}".to_owned();
    let error = FetchError::Status { url: url(), status: 429, retry_after_s: None, said };
    let error = format!("{:?}", error.without(&request.secrets()));
    assert!(error.contains("rate limit") && !error.contains("s3cr3t"), "{error}");
}
