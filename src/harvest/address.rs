//! Which addresses may be asked: public ones, unless a source says otherwise.
//!
//! A feed can redirect to a machine of the house ("server-side request forgery"). So the address is
//! checked on the first hop and on every redirect, as a literal and after its name was looked up.

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

/// Checks an address that is to be asked, before its name is looked up. Returns what is wrong with
/// it in plain words.
///
/// # Errors
/// Another scheme than http or https, a user name in it, no host, or a literal address that is not
/// public while `allows_private` is false.
pub fn check(url: &url::Url, allows_private: bool) -> Result<(), String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("addresses of the form {}: are not asked", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address carries a user name or password".to_owned());
    }
    let host = url.host_str().ok_or("the address names no host")?;
    if allows_private {
        return Ok(());
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_local_name = ["localhost", "local", "internal"].contains(&bare.rsplit('.').next().unwrap_or_default());
    if is_local_name || bare.parse::<IpAddr>().is_ok_and(|ip| !is_public(ip)) {
        return Err(format!(
            "{host} is a private address; a source that is meant to be asked there needs allow-private = true"
        ));
    }
    Ok(())
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
            assert!(check(&url, false).is_err(), "{text}");
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
            assert_eq!(check(&url, false), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_source_may_allow_its_own_network_but_not_other_schemes() {
        assert_eq!(check(&url::Url::parse("http://127.0.0.1:8080/").unwrap(), true), Ok(()));
        assert!(check(&url::Url::parse("file:///etc/passwd").unwrap(), true).is_err());
    }
}
