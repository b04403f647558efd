//! Keys and signatures in the form of minisign, so that anybody can check a list without roundup:
//! `minisign -Vm manifest.json -p roundup.pub`.
//!
//! It is minisign's form without the hash before ("Ed"): Ed25519 over the bytes themselves. The list
//! is small, so a hash saves nothing, and no BLAKE2 need be brought in. `minisign -V` takes it.
//! A second signature holds the trusted comment to the first.

use data_encoding::BASE64;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::model::sha256_hex;

/// Names the algorithm in keys and signatures.
const ALGORITHM: [u8; 2] = *b"Ed";
/// Begins the first line of minisign's files.
const UNTRUSTED: &str = "untrusted comment: ";
/// Begins the third line of a signature.
const TRUSTED: &str = "trusted comment: ";
/// The most bytes of a file of a key or a signature; real ones have some 300.
const FILE_BYTES_MAX: usize = 4_096;
/// How many hex digits of a key's hash are its short form: 80 bits, more than anybody can try through.
const SHORT_DIGITS: usize = 20;

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongKey {
    /// It is no public key.
    #[error("this is no public key of minisign's form (56 characters that begin with RW)")]
    Public,
    /// It is no secret key.
    #[error("this is no secret key as `roundup pack --new-key` makes it")]
    Secret,
}

/// Why a signature does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// It is no signature.
    #[error("the signature of the list cannot be read")]
    Form,
    /// It was made with another key.
    #[error("the list is signed with another key than the one trusted here")]
    OtherKey,
    /// It belongs to other bytes.
    #[error("the signature does not fit the list")]
    Wrong,
}

/// What is checked by: the number of a key and the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey {
    id: [u8; 8],
    bytes: [u8; 32],
}

/// What is signed with. It is never shown: it has no `Debug`.
pub struct SecretKey {
    id: [u8; 8],
    seed: [u8; 32],
    pair: Ed25519KeyPair,
}

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// What was signed beside the list, in words.
    pub comment: String,
}

/// Returns the line of a file that holds base64: the second, or the only one.
fn base64_line(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    if text.len() > FILE_BYTES_MAX {
        return None;
    }
    let line = text.lines().find(|l| !l.starts_with(UNTRUSTED) && !l.trim().is_empty())?;
    BASE64.decode(line.trim().as_bytes()).ok()
}

/// Returns the next bytes of a row, and what follows them.
fn take<const N: usize>(bytes: &[u8]) -> Option<([u8; N], &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    Some((*head, rest))
}

/// Returns the number of a key as minisign shows it: 16 hex digits, the last byte first.
fn id_text(id: [u8; 8]) -> String {
    format!("{:016X}", u64::from_le_bytes(id))
}

impl PublicKey {
    /// Returns the key that a text is: the file `roundup.pub` whole, or its second line.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, WrongKey> {
        let bytes = base64_line(text).ok_or(WrongKey::Public)?;
        let (algorithm, rest) = take::<2>(&bytes).ok_or(WrongKey::Public)?;
        let (id, rest) = take::<8>(rest).ok_or(WrongKey::Public)?;
        let (key, rest) = take::<32>(rest).ok_or(WrongKey::Public)?;
        if algorithm != ALGORITHM || !rest.is_empty() {
            return Err(WrongKey::Public);
        }
        Ok(Self { id, bytes: key })
    }

    /// Returns the key in one line of 56 characters, as `minisign -P` takes it.
    pub fn to_text(self) -> String {
        BASE64.encode(&[ALGORITHM.as_slice(), &self.id, &self.bytes].concat())
    }

    /// Returns the file `roundup.pub`.
    pub fn to_file(self) -> String {
        format!("{UNTRUSTED}minisign public key {}\n{}\n", id_text(self.id), self.to_text())
    }

    /// Returns what people compare over the telephone: 20 hex digits of the key's SHA-256 in groups
    /// of four.
    pub fn short(self) -> String {
        let hash = sha256_hex(&self.bytes);
        let digits: Vec<char> = hash.chars().take(SHORT_DIGITS).collect();
        digits.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
    }

    /// Tells whether a text is a short form, which only serves to compare: [`PublicKey::short`] with
    /// any white space or hyphens between its digits.
    pub fn is_short(text: &str) -> bool {
        let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        digits.len() == SHORT_DIGITS && digits.iter().all(char::is_ascii_hexdigit)
    }

    /// Checks a signature of some bytes.
    ///
    /// # Errors
    /// When it is no signature, was made with another key, or belongs to other bytes or words.
    pub fn verify(self, bytes: &[u8], signature: &str) -> Result<Signed, NotSigned> {
        if signature.len() > FILE_BYTES_MAX {
            return Err(NotSigned::Form);
        }
        let mut lines = signature.lines();
        let first = lines.next().filter(|l| l.starts_with(UNTRUSTED)).and(lines.next());
        let comment = lines.next().and_then(|l| l.strip_prefix(TRUSTED)).ok_or(NotSigned::Form)?;
        let decode = |line: Option<&str>| line.and_then(|l| BASE64.decode(l.trim().as_bytes()).ok());
        let (head, second) = decode(first).zip(decode(lines.next())).ok_or(NotSigned::Form)?;
        let (algorithm, rest) = take::<2>(&head).ok_or(NotSigned::Form)?;
        let (id, rest) = take::<8>(rest).ok_or(NotSigned::Form)?;
        let (one, rest) = take::<64>(rest).ok_or(NotSigned::Form)?;
        if algorithm != ALGORITHM || !rest.is_empty() {
            return Err(NotSigned::Form);
        }
        if id != self.id {
            return Err(NotSigned::OtherKey);
        }
        let key = UnparsedPublicKey::new(&ED25519, self.bytes);
        key.verify(bytes, &one).map_err(|_| NotSigned::Wrong)?;
        key.verify(&[one.as_slice(), comment.as_bytes()].concat(), &second).map_err(|_| NotSigned::Wrong)?;
        Ok(Signed { comment: comment.to_owned() })
    }
}

impl SecretKey {
    /// Returns the key of 32 random bytes.
    ///
    /// # Errors
    /// When they make none, which does not happen.
    pub fn of_seed(seed: [u8; 32]) -> Result<Self, WrongKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| WrongKey::Secret)?;
        // Its number follows from the key, so that no second draw of chance is needed.
        let hash = sha256_hex(pair.public_key().as_ref());
        let number = hash.get(..16).and_then(|h| u64::from_str_radix(h, 16).ok()).ok_or(WrongKey::Secret)?;
        Ok(Self { id: number.to_be_bytes(), seed, pair })
    }

    /// Returns the key that the text of its file is.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, WrongKey> {
        let bytes = base64_line(text).ok_or(WrongKey::Secret)?;
        let (algorithm, rest) = take::<2>(&bytes).ok_or(WrongKey::Secret)?;
        let (seed, rest) = take::<32>(rest).ok_or(WrongKey::Secret)?;
        if algorithm != ALGORITHM || !rest.is_empty() {
            return Err(WrongKey::Secret);
        }
        Self::of_seed(seed)
    }

    /// Returns the text of its file.
    pub fn to_file(&self) -> String {
        let bytes = [ALGORITHM.as_slice(), &self.seed].concat();
        format!(
            "{UNTRUSTED}secret key of roundup packs {}; keep it to yourself\n{}\n",
            id_text(self.id),
            BASE64.encode(&bytes)
        )
    }

    /// Returns what its signatures are checked by.
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(self.pair.public_key().as_ref()) {
            *to = *from;
        }
        PublicKey { id: self.id, bytes }
    }

    /// Returns the signature of some bytes with a comment of one line, as a file. The same bytes and
    /// comment give the same file.
    pub fn sign(&self, bytes: &[u8], comment: &str) -> String {
        let one = self.pair.sign(bytes);
        let second = self.pair.sign(&[one.as_ref(), comment.as_bytes()].concat());
        let head = BASE64.encode(&[ALGORITHM.as_slice(), &self.id, one.as_ref()].concat());
        let second = BASE64.encode(second.as_ref());
        format!("{UNTRUSTED}signature of roundup packs\n{head}\n{TRUSTED}{comment}\n{second}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SecretKey {
        SecretKey::of_seed([byte; 32]).unwrap()
    }

    #[test]
    fn keys_read_back() {
        let secret = key(7);
        let again = SecretKey::parse(&secret.to_file()).unwrap();
        assert_eq!(again.public(), secret.public());
        assert_eq!(PublicKey::parse(&secret.public().to_file()), Ok(secret.public()));
        assert_eq!(PublicKey::parse(&secret.public().to_text()), Ok(secret.public()));
        assert!(secret.public().to_text().starts_with("RW") && secret.public().to_text().len() == 56);
        let short = secret.public().short();
        assert_eq!(short.len(), 24);
        for (text, want) in [
            (short.as_str(), true),
            (&short.replace(' ', ""), true),
            (&short.to_uppercase().replace(' ', "-"), true),
            (short.get(..20).unwrap(), false),
            (&secret.public().to_text(), false),
            ("", false),
        ] {
            assert_eq!(PublicKey::is_short(text), want, "{text}");
        }
        for text in ["", "x", "RWQ", "<html>", &secret.to_file(), "RWRTY0IytzeJ5Cs3CzKGc=="] {
            assert_eq!(PublicKey::parse(text), Err(WrongKey::Public), "{text}");
        }
        assert!(SecretKey::parse(&secret.public().to_file()).is_err());
    }

    /// RFC 8032, 7.1, test 2: the signature is plain Ed25519.
    #[test]
    fn signatures_are_those_of_the_rfc() {
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        let secret = SecretKey::of_seed(seed.try_into().unwrap()).unwrap();
        let file = secret.sign(&[0x72], "x");
        let bytes = BASE64.decode(file.lines().nth(1).unwrap().as_bytes()).unwrap();
        let want = hex(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        );
        assert_eq!(bytes[10..], want);
    }

    #[test]
    fn only_the_signed_bytes_and_words_hold() {
        let (secret, other) = (key(1), key(2));
        let file = secret.sign(b"list", "list 7");
        let public = secret.public();
        assert_eq!(public.verify(b"list", &file).unwrap().comment, "list 7");
        assert_eq!(public.verify(b"list", &file.replace('\n', "\r\n")).unwrap().comment, "list 7", "mailed");
        assert_eq!(public.verify(b"lisT", &file), Err(NotSigned::Wrong));
        assert_eq!(public.verify(b"list", &file.replace("list 7", "list 8")), Err(NotSigned::Wrong));
        assert_eq!(other.public().verify(b"list", &file), Err(NotSigned::OtherKey));
        for text in ["", "<html></html>", "untrusted comment: x\nRW==\n", &"x".repeat(5_000)] {
            assert_eq!(public.verify(b"list", text), Err(NotSigned::Form), "{text}");
        }
        let at = file.find('\n').unwrap() + 30;
        let changed: String =
            file.char_indices().map(|(n, c)| if n == at { if c == 'A' { 'B' } else { 'A' } } else { c }).collect();
        assert_eq!(public.verify(b"list", &changed), Err(NotSigned::Wrong));
    }
}
