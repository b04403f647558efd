//! Which addresses may be asked: public ones, unless a source says otherwise.
//!
//! A feed can redirect to a machine of the house ("server-side request forgery"). So the address is
//! checked on the first hop and on every redirect, as a literal and after its name was looked up.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Tells whether an IP address is one of the public internet: not loopback, private, link-local,
/// shared, documentation, multicast, reserved, nor an IPv6 form that carries such an IPv4 address
/// (RFC 6890 and the registries it names).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = a == 0
        || a == 10
        || a == 127
        || (a == 100 && (64..128).contains(&b))
        || (a == 169 && b == 254)
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 168)
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113)
        || a >= 224;
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let parts = ip.segments();
    let [first, second, third, .., last_but_one, last] = parts;
    let embedded = |hi: u16, lo: u16| is_public_v4(Ipv4Addr::from_bits((u32::from(hi) << 16) | u32::from(lo)));
    let is_zero_from = |from: usize, to: usize| parts.get(from..to).is_some_and(|p| p.iter().all(|x| *x == 0));
    match (first, second) {
        // ::ffff:a.b.c.d carries an IPv4 address; ::, ::1 and the old compatible form are nobody's
        (0, 0) => is_zero_from(2, 5) && parts.get(5) == Some(&0xffff) && embedded(last_but_one, last),
        // NAT64 (64:ff9b::/96) carries one in its last 32 bits; 64:ff9b:1::/48 is local
        (0x64, 0xff9b) => is_zero_from(2, 6) && embedded(last_but_one, last),
        // 6to4 carries one
        (0x2002, _) => embedded(second, third),
        // Teredo, benchmarking, documentation, ORCHID
        (0x2001, 0 | 2 | 0x0db8 | 0x10..=0x2f) => false,
        // only 2000::/3 is given out
        _ => (0x2000..0x4000).contains(&first),
    }
}

/// Tells whether an IP address is never asked, not even by a source that may ask private ones:
/// link-local ones (RFC 3927, RFC 4291) and those where clouds tell a machine its passwords.
pub fn is_never(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_never_v4(v4),
        IpAddr::V6(v6) => embedded_v4(v6).is_some_and(is_never_v4) || is_never_v6(v6),
    }
}

/// Link-local, and the metadata services of Alibaba and Oracle and the host of Azure's machines.
fn is_never_v4(ip: Ipv4Addr) -> bool {
    matches!(ip.octets(), [169, 254, ..] | [100, 100, 100, 200] | [192, 0, 0, 192] | [168, 63, 129, 16])
}

/// Link-local, and the metadata service of Amazon.
fn is_never_v6(ip: Ipv6Addr) -> bool {
    let [first, ..] = ip.segments();
    first & 0xffc0 == 0xfe80 || ip == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)
}

/// Returns the IPv4 address that an IPv6 one carries: mapped, compatible, NAT64, 6to4.
fn embedded_v4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [first, second, third, .., last_but_one, last] = ip.segments();
    let (hi, lo) = match (first, second) {
        (0, 0) | (0x64, 0xff9b) => (last_but_one, last),
        (0x2002, _) => (second, third),
        _ => return None,
    };
    Some(Ipv4Addr::from_bits((u32::from(hi) << 16) | u32::from(lo)))
}

/// Who may be asked. The usual one knows no hosts and makes no exceptions; tests fill it.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// Addresses of names that are not looked up, as in a hosts file. They are checked like others.
    pub hosts: BTreeMap<String, Vec<IpAddr>>,
    /// Addresses that count as public although they are not: where the servers of a test listen.
    pub taken_for_public: BTreeSet<IpAddr>,
}

impl Guard {
    /// Tells whether an address is public.
    pub fn is_public(&self, ip: IpAddr) -> bool {
        is_public(ip) || self.taken_for_public.contains(&ip)
    }

    /// Tells whether an address may be asked.
    pub fn allows(&self, ip: IpAddr, allows_private: bool) -> bool {
        !is_never(ip) && (allows_private || self.is_public(ip))
    }

    /// Returns why a host that leads to such an address is not asked.
    pub fn refusal(&self, host: &str, ip: IpAddr) -> String {
        if is_never(ip) {
            return format!("{host} leads to {ip}, an address inside the machine's own network that is never asked");
        }
        format!(
            "{host} leads to a private address; a source that is meant to be asked there needs allow-private = true"
        )
    }

    /// Checks an address that is to be asked, before its name is looked up. Returns what is wrong
    /// with it in plain words.
    ///
    /// # Errors
    /// Another scheme than http or https, a user name in it, no host, or a literal address that may
    /// not be asked.
    pub fn check(&self, url: &url::Url, allows_private: bool) -> Result<(), String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("addresses of the form {}: are not asked", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the address carries a user name or password".to_owned());
        }
        let host = url.host_str().ok_or("the address names no host")?;
        let bare = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
        let literal = bare.parse::<IpAddr>().ok();
        if literal.is_some_and(is_never) {
            return Err(format!("{host} is an address inside the machine's own network that is never asked"));
        }
        let is_local_name = ["localhost", "local", "internal"].contains(&bare.rsplit('.').next().unwrap_or_default());
        if !allows_private && (is_local_name || literal.is_some_and(|ip| !self.is_public(ip))) {
            return Err(format!(
                "{host} is a private address; a source that is meant to be asked there needs allow-private = true"
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_refused_in_every_spelling() {
        for text in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://localhost/",
            "http://LOCALHOST/",
            "http://a.localhost/",
            "http://printer.local/",
            "http://10.0.0.1/",
            "http://172.16.0.1/",
            "http://172.31.255.255/",
            "http://192.168.1.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://100.64.0.1/",
            "http://0.0.0.0/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://192.0.2.1/",
            "http://198.51.100.1/",
            "http://203.0.113.1/",
            "http://198.18.0.1/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:a00:1]/",
            "http://[::127.0.0.1]/",
            "http://[fe80::1]/",
            "http://[fc00::1]/",
            "http://[fd12:3456::1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[64:ff9b:1::1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001:db8::1]/",
            "http://[2001::1]/",
            "http://[ff02::1]/",
            "http://user@example.org/",
            "http://user:pw@example.org/",
            "file:///etc/passwd",
            "ftp://example.org/",
            "gopher://example.org/",
            "data:text/html,x",
        ] {
            let url = url::Url::parse(text).unwrap();
            assert!(Guard::default().check(&url, false).is_err(), "{text}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for text in [
            "https://example.org/feed",
            "http://8.8.8.8/",
            "http://172.32.0.1/",
            "http://[2606:4700::1]/",
            "https://xn--caf-dma.example/",
        ] {
            let url = url::Url::parse(text).unwrap();
            assert_eq!(Guard::default().check(&url, false), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_source_may_allow_its_own_network_but_not_other_schemes() {
        let check = |text: &str| Guard::default().check(&url::Url::parse(text).unwrap(), true);
        for text in ["http://127.0.0.1:8080/", "http://10.0.0.1/", "http://localhost/", "http://[fd12:3456::1]/"] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
        for text in [
            "file:///etc/passwd",
            "http://169.254.169.254/latest/meta-data",
            "http://0xa9fea9fe/",
            "http://[fe80::1]/",
            "http://[febf::1]/",
            "http://[fd00:ec2::254]/",
            "http://[::ffff:169.254.169.254]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[2002:a9fe:a9fe::]/",
            "http://100.100.100.200/",
            "http://168.63.129.16/",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_address_of_a_name_is_checked() {
        let guard = Guard { taken_for_public: BTreeSet::from(["127.0.0.1".parse().unwrap()]), ..Guard::default() };
        for (ip, public, private) in [
            ("127.0.0.1", true, true),
            ("127.0.0.2", false, true),
            ("8.8.8.8", true, true),
            ("169.254.1.1", false, false),
            ("168.63.129.16", false, false),
            ("fe80::1", false, false),
        ] {
            let ip = ip.parse().unwrap();
            assert_eq!((guard.allows(ip, false), guard.allows(ip, true)), (public, private), "{ip}");
        }
    }
}
