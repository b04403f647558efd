//! A server on a raw socket that answers well, or with one named fault.
//!
//! It speaks HTTP by hand, so that it can break it anywhere. What it serves is a small invented
//! month: for each kind of source three works.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How long a client is kept waiting: longer than its patience in these tests.
const LONG: Duration = Duration::from_secs(20);
/// Pause between two bytes of a dribble.
const DRIBBLE: Duration = Duration::from_millis(40);
/// How a client begins that wants to speak TLS.
const TLS_HANDSHAKE: u8 = 22;
/// A fault that does not pass.
pub const FOR_EVER: u32 = u32::MAX;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Nobody listens.
    Refuse,
    /// The connection is taken and closed before the request is read.
    Close,
    /// The request is read, and the connection closed.
    CloseAfterRequest,
    /// The connection is reset after so many bytes of the good answer.
    ResetAt(usize),
    /// The connection is closed after so many bytes of the good answer.
    CloseAt(usize),
    /// The connection is reset after such a part of the good answer, in percent.
    ResetAtPercent(usize),
    /// It is closed after half of the body, whose length was announced.
    CutBody,
    /// It is closed within a chunk.
    CutChunked,
    /// It is closed between two chunks, without the last one.
    EndlessChunks,
    /// A chunk is longer than it says.
    ChunkLie,
    /// A chunk says a length that no number holds.
    ChunkOverflow,
    /// Neither length nor chunks are announced, and the body ends halfway.
    CutUndeclared,
    /// The announced length is half of the body's.
    ShortLength,
    /// The answer comes byte by byte from its first.
    DribbleHead,
    /// The body comes byte by byte.
    DribbleBody,
    /// Nothing comes.
    Silence,
    /// Nothing comes behind the headers.
    SilenceAfterHead,
    /// Headers without end.
    EndlessHeaders,
    /// One header of a megabyte.
    HugeHeader,
    /// A body without end.
    EndlessBody,
    /// A body that announces 10 GB.
    HugeLength,
    /// 64 MB of nothing in a few kilobytes of gzip.
    Bomb,
    /// The good answer in gzip, with wrong bytes in the middle.
    BrokenGzip,
    /// The good answer in gzip, cut off, with the right length.
    CutGzip,
    /// The good answer in gzip without a word.
    SilentGzip,
    /// The good answer as it is, called gzip.
    CalledGzip,
    /// Bytes called brotli.
    Brotli,
    /// The good answer with this content type.
    Charset(&'static str),
    /// This status with these headers and this body.
    Status(&'static str, &'static str, &'static str),
    /// What was asked, as the body of this status: a host that repeats the key.
    Echo(&'static str),
    /// A redirect there; `{port}` stands for this server's port.
    Redirect(&'static str),
    /// To `/hop/1`, from there to `/hop/2` and so on, without end.
    Hops,
    /// These bytes instead of HTTP.
    Raw(&'static [u8]),
    /// One of the ids or items is left out.
    LeaveOut,
    /// The good body without its last third, sent as if it were whole.
    Truncate,
}

/// One good answer.
#[derive(Debug, Clone)]
pub struct Good {
    /// `Content-Type`.
    pub content_type: &'static str,
    /// Body.
    pub body: String,
}

/// What a server serves.
pub type Serve = fn(path: &str) -> Good;

/// What the connections of one server share.
#[derive(Debug)]
struct Plan {
    serve: Serve,
    act: Mutex<Option<Act>>,
    left: AtomicU32,
    port: u16,
    asked: Mutex<Vec<String>>,
}

/// A running server. It stops when dropped.
#[derive(Debug)]
pub struct FaultServer {
    plan: Arc<Plan>,
    task: Option<JoinHandle<()>>,
}

impl FaultServer {
    /// Starts a server on a free port of 127.0.0.1.
    pub async fn start(serve: Serve) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (act, asked) = (Mutex::new(None), Mutex::default());
        let plan = Arc::new(Plan { serve, act, left: AtomicU32::new(0), port, asked });
        let task = Some(tokio::spawn(accept(listener, Arc::clone(&plan))));
        Self { plan, task }
    }

    /// Returns its port.
    pub fn port(&self) -> u16 {
        self.plan.port
    }

    /// Breaks the next `times` requests; the fault before is forgotten.
    pub async fn break_next(&mut self, act: Act, times: u32) {
        self.mend().await;
        *self.plan.act.lock().unwrap() = Some(act);
        self.plan.left.store(times, Ordering::SeqCst);
        if act == Act::Refuse
            && let Some(task) = self.task.take()
        {
            task.abort();
            let _ = task.await;
        }
    }

    /// Answers well from now on.
    pub async fn mend(&mut self) {
        self.plan.left.store(0, Ordering::SeqCst);
        if self.task.is_none() {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.plan.port));
            let listener = TcpListener::bind(address).await.unwrap();
            self.task = Some(tokio::spawn(accept(listener, Arc::clone(&self.plan))));
        }
    }

    /// Returns the head of every request since the last call.
    pub fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.plan.asked.lock().unwrap())
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

async fn accept(listener: TcpListener, plan: Arc<Plan>) {
    while let Ok((stream, _)) = listener.accept().await {
        let plan = Arc::clone(&plan);
        // A client that goes away ends its connection alone.
        tokio::spawn(async move { drop(converse(stream, &plan).await) });
    }
}

async fn converse(mut stream: TcpStream, plan: &Plan) -> std::io::Result<()> {
    let act = *plan.act.lock().unwrap();
    let has_left = || plan.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take_one).is_ok();
    if act == Some(Act::Close) && has_left() {
        return Ok(());
    }
    let (head, form) = read_request(&mut stream).await?;
    plan.asked.lock().unwrap().push(head.clone());
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    // every hop of a chain of redirects is part of one fault
    let act = act.filter(|a| *a != Act::Close && (path.starts_with("/hop/") || has_left()));
    match act {
        None => stream.write_all(&well(&(plan.serve)(&path), &head)).await,
        Some(act) => misbehave(&mut stream, act, plan, &path, &form).await,
    }
}

fn take_one(left: u32) -> Option<u32> {
    if left == FOR_EVER { Some(left) } else { left.checked_sub(1) }
}

/// Reads a request: its head, and its form.
async fn read_request(stream: &mut TcpStream) -> std::io::Result<(String, String)> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, form)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|l| l.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
            if form.len() >= length.unwrap_or(0) {
                return Ok((head.to_owned(), form.to_owned()));
            }
        }
        match stream.read(&mut piece).await? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            n => bytes.extend_from_slice(&piece[..n]),
        }
        if bytes.first() == Some(&TLS_HANDSHAKE) {
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nthis is no https port").await?;
            return Err(std::io::ErrorKind::InvalidData.into());
        }
    }
}

/// Returns an answer with its length, as bytes.
fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

/// Returns the good answer: whole, or 304 to who holds it already.
fn well(good: &Good, head: &str) -> Vec<u8> {
    let etag = format!("\"{}\"", good.body.len());
    if head.to_lowercase().contains(&format!("if-none-match: {etag}")) {
        return format!("HTTP/1.1 304 Not Modified\r\nConnection: close\r\nETag: {etag}\r\n\r\n").into_bytes();
    }
    answer("200 OK", &format!("Content-Type: {}\r\nETag: {etag}\r\n", good.content_type), good.body.as_bytes())
}

/// Returns the good answer of a server as bytes, to cut it where one likes.
pub fn whole_answer(serve: Serve, path: &str) -> Vec<u8> {
    well(&serve(path), "")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Splits an answer into head (with its empty line) and body.
fn split(answer: &[u8]) -> (&[u8], &[u8]) {
    let at = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4;
    answer.split_at(at)
}

async fn misbehave(stream: &mut TcpStream, act: Act, plan: &Plan, path: &str, form: &str) -> std::io::Result<()> {
    let good = (plan.serve)(path);
    let whole = well(&good, "");
    let (head, body) = split(&whole);
    let kind = format!("Content-Type: {}\r\n", good.content_type);
    let half = body.len() / 2;
    let bare = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n{kind}");
    let chunked = format!("{bare}Transfer-Encoding: chunked\r\n\r\n");
    match act {
        Act::Refuse | Act::Close | Act::CloseAfterRequest => Ok(()),
        Act::ResetAt(at) => reset(stream, &whole[..at.min(whole.len())]).await,
        Act::CloseAt(at) => stream.write_all(&whole[..at.min(whole.len())]).await,
        Act::ResetAtPercent(percent) => reset(stream, &whole[..whole.len() * percent / 100]).await,
        Act::CutBody => stream.write_all(&whole[..head.len() + half]).await,
        Act::CutChunked => {
            let size = format!("{chunked}{:x}\r\n", body.len());
            stream.write_all(&[size.as_bytes(), &body[..half]].concat()).await
        }
        Act::EndlessChunks => {
            let size = format!("{chunked}{half:x}\r\n");
            stream.write_all(&[size.as_bytes(), &body[..half], b"\r\n"].concat()).await
        }
        Act::ChunkLie => {
            let size = format!("{chunked}{half:x}\r\n");
            stream.write_all(&[size.as_bytes(), body, b"\r\n0\r\n\r\n"].concat()).await
        }
        Act::ChunkOverflow => stream.write_all(format!("{chunked}{}\r\nx", "f".repeat(40)).as_bytes()).await,
        Act::CutUndeclared => stream.write_all(&[bare.as_bytes(), b"\r\n", &body[..half]].concat()).await,
        Act::ShortLength => {
            let head = format!("{bare}Content-Length: {half}\r\n\r\n");
            stream.write_all(&[head.as_bytes(), body].concat()).await
        }
        Act::Truncate => stream.write_all(&answer("200 OK", &kind, &body[..body.len() * 2 / 3])).await,
        Act::DribbleHead => dribble(stream, &whole).await,
        Act::DribbleBody => {
            stream.write_all(head).await?;
            dribble(stream, body).await
        }
        Act::Silence => {
            tokio::time::sleep(LONG).await;
            Ok(())
        }
        Act::SilenceAfterHead => {
            stream.write_all(head).await?;
            tokio::time::sleep(LONG).await;
            Ok(())
        }
        Act::EndlessHeaders => flood(stream, &bare, b"X-More: and more\r\n").await,
        Act::HugeHeader => {
            let head = format!("{bare}X-Huge: {}\r\nContent-Length: 0\r\n\r\n", "x".repeat(1 << 20));
            stream.write_all(head.as_bytes()).await
        }
        Act::EndlessBody => flood(stream, &format!("{bare}\r\n"), &[b' '; 8192]).await,
        Act::HugeLength => {
            stream.write_all(format!("{bare}Content-Length: 10000000000\r\n\r\n<rss>").as_bytes()).await?;
            tokio::time::sleep(LONG).await;
            Ok(())
        }
        _ => misbehave_within(stream, act, plan, path, form, &good).await,
    }
}

/// The faults that speak good HTTP.
async fn misbehave_within(
    stream: &mut TcpStream,
    act: Act,
    plan: &Plan,
    path: &str,
    form: &str,
    good: &Good,
) -> std::io::Result<()> {
    let body = good.body.as_bytes();
    let kind = format!("Content-Type: {}\r\n", good.content_type);
    let packed = format!("{kind}Content-Encoding: gzip\r\n");
    let bytes = match act {
        Act::Bomb => answer("200 OK", &packed, bomb()),
        Act::BrokenGzip => {
            let mut bytes = gzip(body);
            let middle = bytes.len() / 2;
            bytes.iter_mut().skip(middle).take(20).for_each(|b| *b ^= 0xff);
            answer("200 OK", &packed, &bytes)
        }
        Act::CutGzip => {
            let bytes = gzip(body);
            answer("200 OK", &packed, &bytes[..bytes.len() / 2])
        }
        Act::SilentGzip => answer("200 OK", &kind, &gzip(body)),
        Act::CalledGzip => answer("200 OK", &packed, body),
        Act::Brotli => answer("200 OK", &format!("{kind}Content-Encoding: br\r\n"), &[0x8b, 0x02, 0x80, 0x03]),
        Act::Charset(charset) => {
            let kind = good.content_type.split(';').next().unwrap();
            answer("200 OK", &format!("Content-Type: {kind}; charset={charset}\r\n"), body)
        }
        Act::Status(status, headers, body) => answer(status, headers, body.as_bytes()),
        Act::Echo(status) => answer(status, "Content-Type: text/plain\r\n", form.as_bytes()),
        Act::Redirect(target) => {
            let target = target.replace("{port}", &plan.port.to_string()).replace("{path}", path);
            answer("302 Found", &format!("Location: {target}\r\n"), b"")
        }
        Act::Hops => {
            let hop: u32 = path.strip_prefix("/hop/").and_then(|n| n.parse().ok()).unwrap_or(0);
            answer("302 Found", &format!("Location: /hop/{}\r\n", hop + 1), b"")
        }
        Act::Raw(bytes) => bytes.to_vec(),
        Act::LeaveOut => {
            let first = good.body.find("<PubmedArticle>").zip(good.body.find("</PubmedArticle>"));
            let body = first.map(|(from, to)| format!("{}{}", &good.body[..from], &good.body[to + 16..]));
            answer("200 OK", &kind, body.unwrap_or(good.body.clone()).as_bytes())
        }
        other => panic!("{other:?} is no fault within HTTP"),
    };
    stream.write_all(&bytes).await
}

/// Returns 64 MB of spaces, packed.
fn bomb() -> &'static [u8] {
    static BOMB: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    // one packed megabyte many times over: gzip may consist of several members
    BOMB.get_or_init(|| gzip(&vec![b' '; 1 << 20]).repeat(64))
}

async fn reset(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    stream.write_all(bytes).await?;
    // so that the client has read them before the reset takes them away
    tokio::time::sleep(Duration::from_millis(3)).await;
    stream.set_zero_linger()
}

async fn dribble(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    for byte in bytes {
        stream.write_all(&[*byte]).await?;
        tokio::time::sleep(DRIBBLE).await;
    }
    Ok(())
}

/// Sends the same again and again until the client has had enough.
async fn flood(stream: &mut TcpStream, head: &str, piece: &[u8]) -> std::io::Result<()> {
    stream.write_all(head.as_bytes()).await?;
    for _ in 0..1_000_000 {
        stream.write_all(piece).await?;
    }
    Ok(())
}

/// Serves PubMed: three articles, one of them a comment on another.
pub fn pubmed(path: &str) -> Good {
    pubmed_set(path, 90_070_000, ["Anaemia and low mood", "Quilting circles", "Reply to quilting circles"])
}

/// Serves another PubMed, for comparison.
pub fn pubmed_beside(path: &str) -> Good {
    pubmed_set(path, 90_080_000, ["Radio dramas", "Clinic queues", "Reply to clinic queues"])
}

fn pubmed_set(path: &str, base: u32, titles: [&str; 3]) -> Good {
    let ids = [base + 1, base + 2, base + 3];
    let content_type = "text/xml; charset=UTF-8";
    if path.contains("esearch") {
        let list = ids.map(|id| format!("<Id>{id}</Id>")).concat();
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<eSearchResult><Count>3</Count><RetMax>3</RetMax>\
             <RetStart>0</RetStart><QueryKey>1</QueryKey><WebEnv>MCID_1</WebEnv><IdList>{list}</IdList>\
             <TranslationSet/><QueryTranslation>perinatal</QueryTranslation></eSearchResult>\n"
        );
        return Good { content_type, body };
    }
    let articles: String = ids
        .iter()
        .zip(titles)
        .map(|(id, title)| {
            let relation = if title.starts_with("Reply") {
                let of = id - 1;
                format!(
                    "<CommentsCorrectionsList><CommentsCorrections RefType=\"CommentOn\"><RefSource>Ex J. 2026</RefSource>\
                     <PMID Version=\"1\">{of}</PMID></CommentsCorrections></CommentsCorrectionsList>"
                )
            } else {
                String::new()
            };
            article(*id, title, &relation)
        })
        .collect();
    let body = format!("<?xml version=\"1.0\" ?>\n<PubmedArticleSet>\n{articles}</PubmedArticleSet>");
    Good { content_type, body }
}

fn article(id: u32, title: &str, relation: &str) -> String {
    format!(
        "<PubmedArticle><MedlineCitation Status=\"MEDLINE\" Owner=\"NLM\"><PMID Version=\"1\">{id}</PMID>\
         <DateRevised><Year>2026</Year><Month>09</Month><Day>12</Day></DateRevised>\
         <Article PubModel=\"Electronic\"><Journal><JournalIssue CitedMedium=\"Internet\"><Volume>3</Volume><PubDate><Year>2026</Year>\
         <Month>Sep</Month></PubDate></JournalIssue><Title>Example Journal</Title></Journal>\
         <ArticleTitle>{title} in example district {id}.</ArticleTitle>\
         <ELocationID EIdType=\"doi\" ValidYN=\"Y\">10.5555/x.{id}</ELocationID>\
         <Abstract><AbstractText>Número {id}: médecins sans peur.</AbstractText></Abstract>\
         <AuthorList CompleteYN=\"Y\"><Author ValidYN=\"Y\"><LastName>Exemplar</LastName><ForeName>Ana</ForeName></Author></AuthorList>\
         <Language>eng</Language><PublicationTypeList><PublicationType UI=\"D016428\">Journal Article</PublicationType></PublicationTypeList>\
         </Article>{relation}</MedlineCitation><PubmedData><History><PubMedPubDate PubStatus=\"entrez\"><Year>2026</Year><Month>9</Month><Day>12</Day></PubMedPubDate></History>\
         <ArticleIdList><ArticleId IdType=\"pubmed\">{id}</ArticleId>\
         <ArticleId IdType=\"doi\">10.5555/x.{id}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>\n"
    )
}

/// Serves a feed; its last item is an article of PubMed as well.
pub fn feed(path: &str) -> Good {
    let shared = "<item><title>Anaemia and low mood in example district 90070001</title>\
                  <link>https://journal.example.org/a/shared</link><guid isPermaLink=\"false\">shared</guid>\
                  <dc:identifier>doi:10.5555/x.90070001</dc:identifier><pubDate>Sat, 12 Sep 2026 06:00:00 +0000</pubDate></item>";
    feed_set(path, "journal", ["Songs for sleepless fathers", "Bread and birth plans"], shared)
}

/// Serves another feed, for comparison.
pub fn feed_beside(path: &str) -> Good {
    feed_set(path, "news", ["A ministry listens", "Drums after the rain"], "")
}

fn feed_set(_path: &str, host: &str, titles: [&str; 2], more: &str) -> Good {
    let items = titles
        .iter()
        .enumerate()
        .map(|(n, title)| {
            format!(
                "<item><title>{title}</title><link>https://{host}.example.org/a/{n}</link>\
                 <guid isPermaLink=\"false\">{host}-{n}</guid><dc:identifier>doi:10.5555/{host}.{n}</dc:identifier>\
                 <description>What {title} means for mothers.</description>\
                 <pubDate>Mon, 14 Sep 2026 06:00:00 +0000</pubDate></item>\n"
            )
        })
        .collect::<Vec<String>>()
        .concat();
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <channel><title>The {host}</title><link>https://{host}.example.org/</link><description>Invented</description>\n\
         {items}{more}</channel></rss>\n"
    );
    Good { content_type: "application/rss+xml; charset=UTF-8", body }
}

/// Serves a page.
pub fn page(_path: &str) -> Good {
    page_set("fund", ["A prize for night nurses", "Grants for listening rooms", "Our yearly letter to mothers"])
}

/// Serves another page, for comparison.
pub fn page_beside(_path: &str) -> Good {
    page_set("union", ["Midwives meet in spring", "A handbook of lullabies", "Votes on paid leave"])
}

fn page_set(host: &str, titles: [&str; 3]) -> Good {
    let items = titles
        .iter()
        .enumerate()
        .map(|(n, title)| {
            format!(
                "<li class=\"news\"><h3><a href=\"https://{host}.example.org/n/{n}\">{title}</a></h3>\
                 <time datetime=\"2026-09-1{n}\">1{n} September 2026</time></li>\n"
            )
        })
        .collect::<Vec<String>>()
        .concat();
    let body = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><title>News</title></head><body><h1>News</h1>\n<ul>{items}</ul>\
         <p>That is all the news.</p></body></html>\n"
    );
    Good { content_type: "text/html; charset=utf-8", body }
}
